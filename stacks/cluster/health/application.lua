-- Health of a child Application. Argo CD has no such check of its own, so sync waves would not wait for each other.
-- A child counts as done only when it is Synced: since Argo CD 3.4 objects that failed to apply no longer worsen its health.
local status = obj.status or {}
local sync = (status.sync or {}).status or "Unknown"
local health = (status.health or {}).status or "Unknown"

-- Argo CD's Lua has no string library to look for "Error" with.
local errors = {
  ComparisonError = true,
  DeletionError = true,
  InvalidSpecError = true,
  SyncError = true,
  UnknownError = true,
}

local function reason()
  for _, condition in ipairs(status.conditions or {}) do
    if errors[condition.type] then
      return condition.type .. ": " .. condition.message
    end
  end
  local operation = status.operationState
  if operation ~= nil and operation.phase ~= "Succeeded" and operation.message ~= nil then
    return "sync " .. operation.phase .. ": " .. operation.message
  end
  return "sync is " .. sync .. ", health is " .. health
end

if sync ~= "Synced" then
  return { status = "Progressing", message = "waiting: " .. reason() }
end
if health == "Unknown" then
  return { status = "Progressing", message = "waiting for the first health check" }
end
return { status = health, message = (status.health or {}).message or reason() }
