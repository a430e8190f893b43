-- Ends reservations, or prolongs them. The buckets that they name lie in their own slot: all of them carry its hash tag.
-- KEYS: the reservations
-- ARGV: now ('' means the store's clock); for each reservation as doubles: what is known of the usage (0 nothing: the estimate stays;
-- 1 what was used; 2 how much less than the estimate; 3 it is not over yet) and that amount, for 3 how long it is kept from now in ms
-- Answers as doubles for each reservation: 1 or, where it is not known, 0; and the largest amount that was held.
local USED, LESS, UNDER_WAY = 1, 2, 3
local now = time_micros(ARGV[1])
local answer = {}
local at = 1

local function bucket_of(hold, known)
  local key, packed, _, _, at_end = unpack(hold)
  if at_end == 2 or known == USED or known == LESS then
    return bucket_at(key, figures_of(packed), now)
  end
end

local function settle(hold, known, amount)
  local _, _, mark, held, at_end = unpack(hold)
  local used = held
  if at_end == 2 then
    used = 0
  elseif known == USED then
    used = amount
  elseif known == LESS then
    used = math.max(0, held - amount)
  end
  local bucket = bucket_of(hold, known)
  if bucket then
    if used > held then
      bucket.figures.algorithm.charge(bucket, used - held)
    else
      bucket.figures.algorithm.refund(bucket, mark, held - used)
    end
    changed[bucket] = true
  end
end

local function renew(hold)
  local bucket = hold[5] == 2 and bucket_of(hold)
  if bucket then
    slots.renew(bucket, hold[3])
    changed[bucket] = true
  end
end

-- All is read before anything is written: where a key cannot be had, as while Redis Cluster moves a slot, nothing is lost.
local steps = {}
for i, reservation in ipairs(KEYS) do
  local step = {}
  step.known, step.amount, at = struct.unpack('>dd', ARGV[2], at)
  local raw = redis.call('GET', reservation)
  step.holds = raw and cmsgpack.unpack(raw) or {}
  for _, hold in ipairs(step.holds) do
    bucket_of(hold, step.known)
  end
  steps[i] = step
end

-- Answers whether the reservation is there: an earlier step of the same call may have ended it.
local function write_reservation(reservation, step)
  if step.known == UNDER_WAY then
    return redis.call('PEXPIRE', reservation, step.amount) == 1
  end
  -- The first write, and one that a full Redis takes: after it Redis lets this script write on, and room comes back.
  return redis.call('DEL', reservation) == 1
end

for i, reservation in ipairs(KEYS) do
  local step = steps[i]
  local there = write_reservation(reservation, step)
  local largest = 0
  for _, hold in ipairs(there and step.holds or {}) do
    if hold[5] == 1 then
      largest = math.max(largest, hold[4])
    end
    if step.known == UNDER_WAY then
      renew(hold)
    else
      settle(hold, step.known, step.amount)
    end
  end
  answer[i] = struct.pack('>dd', there and 1 or 0, largest)
end
save_all()
return table.concat(answer)
