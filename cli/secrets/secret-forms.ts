/** Forms that nothing but a secret has. */

/** Of keys: what is public, such as a certificate, is none. */
export const KEY_BEGIN =
  /-{4,5} ?BEGIN(?: |\+|%20)(?!(?:TRUSTED |X509 |NEW |SSH2 |RSA |EC |PGP )*(?:CERTIFICATE|PUBLIC KEY|CRL|PARAMETERS|PKCS7|CMS))|PuTTY-User-Key-File/;
export const KEY_END = /-{4,5} ?END [A-Z0-9 ]*(?:PRIVATE|SECRET|ENCRYPTED|AGE)/;

const FORMS = [
  KEY_BEGIN,
  KEY_END,
  // The same keys in Base64: DER of RSA, EC and Ed25519, then OpenSSH's own form.
  /\bMII[A-Za-z0-9+/]{3}IBA|\bMIG[A-Za-z0-9+/]Ag|\bM[CFH][A-Za-z0-9+/]CAQ[AE]|b3BlbnNzaC1rZXkt/,
  /AGE-SECRET-KEY-1/i,
  /\bdo[opr]_v1_[0-9a-f]/,
  /\b(gh[opsur]_|github_pat_)[A-Za-z0-9]/,
  /\bgl[a-z]{2,6}-[A-Za-z0-9_-]{6}/,
  /\bxox[a-z]-|\bxapp-\d|hooks\.slack\.com\/services\/|\/api\/webhooks\/\d+\//,
  /\b(AKIA|ASIA|DO00)[A-Z0-9]{8}/,
  /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}/,
  /\bhv[sbr]\.[A-Za-z0-9_-]{6}|\.atlasv1\./,
  /\bnpm_[A-Za-z0-9]{16}|\bpypi-[A-Za-z0-9_-]{16}|\bdckr_(pat|oat)_|\brubygems_[0-9a-f]{8}/,
  /\b([srp]k_(live|test)_|whsec_|sk-[A-Za-z0-9_-]{16}|AIza[A-Za-z0-9_-]{20}|ya29\.|SG\.[A-Za-z0-9_-]{10})/,
  /\b(glsa_|tskey-|shpat_|lin_api_|secret_[A-Za-z0-9]{32})/,
  /\bK10\S*::\S/,
  // Hashes of passwords.
  /\$(2[abxy]|[156y]|argon2(id?|d))\$\S/,
  // URLs with a password or a token.
  /:\/\/[^/\s:@]*:(?!\*+@|x+@|\$\{[^}]*\}@|\$[A-Z_]+@)[^/\s@]+@/,
  /:\/\/[A-Za-z0-9_-]{16,}@/,
  /\b(bearer|basic)\s+(?=\S*[\d=])[A-Za-z0-9+/=_.~-]{8}/i,
  /\b(api|access|secret|private|signing|encryption|auth|client|account|master|shared) key["']?\s*[:=]\s*\S/i,
  /\buid=[^;]{0,200};\s*pwd=\S|\blogin\s+\S+\s+password\s+\S|\brequirepass\s+\S|::add-mask::\S/i,
  /\b(password|passphrase) (?:is )?["'`][^"'`\s]/i,
  /\b(password|passphrase) (for|of) \S+: \S/i,
  /[?&]sig=\S|\bbot\d{8,10}:[A-Za-z0-9_-]{16}/,
  /\b(login|mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|ldap\w+)\s([^|;&]{0,200}\s)?-[pw]\s*[^\s-]/,
  /\bredis-cli\s([^|;&]{0,200}\s)?-a\s*\S|\bcurl\s([^|;&]{0,200}\s)?-u\s*[^\s:]+:\S/,
];
const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;

export function hasSecretForm(text: string): boolean {
  return FORMS.some((form) => form.test(text));
}

/** What texts in Base64 in a line stand for. */
export function decodedIn(line: string): string[] {
  return [...line.matchAll(BASE64)]
    .map(([encoded]) => Buffer.from(encoded, 'base64').toString('latin1'))
    .filter(isText);
}

/** In what is no text, chance would find some of the forms. */
function isText(text: string): boolean {
  return /^[\t\r\n\x20-\x7e]*$/.test(text) || KEY_BEGIN.test(text);
}
