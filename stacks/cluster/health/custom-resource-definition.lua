-- Health of a CustomResourceDefinition. A sync waits by itself until the API serves the new kind, so one that is being installed
-- is nothing to wait for. Argo CD's own check waits all the same, and does not look again when the kind is there: the layer would
-- be Progressing until the next comparison, two minutes later.
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  local refused = condition.type == "NamesAccepted" and condition.status == "False"
  local violated = condition.type == "NonStructuralSchema" and condition.status == "True"
  if refused or violated then
    return { status = "Degraded", message = condition.type .. ": " .. condition.message }
  end
end
return { status = "Healthy" }
