/** Manifests of small applications, as they would be added to 03-apps. */

export const LABEL = 'forge.example/bench';

/** @returns documents of as many Deployments */
export function smallApplications(count: number): string {
  return Array.from({ length: count }, (_, index) => deployment(`bench-${index}`)).join('---\n');
}

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: rt
  labels:
    ${LABEL}: 'true'
spec:
  replicas: 1
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
        ${LABEL}: 'true'
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: docker.io/nginxinc/nginx-unprivileged:1.30.5-alpine-slim
          resources:
            requests:
              cpu: 1m
              memory: 4Mi
            limits:
              cpu: 10m
              memory: 16Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
`;
}
