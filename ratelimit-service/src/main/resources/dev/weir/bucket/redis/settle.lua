-- Ends reservations, or prolongs them. The buckets that they name lie in their own slot: all of them carry its hash tag.
-- KEYS: the reservations
-- ARGV: now ('' means the store's clock); for each reservation as doubles: what is known of the usage (0 nothing: the estimates stand;
-- 1 what was used; 2 how many tokens less than the estimate; 3 it is not over yet; 4 it never was: all is given back; 5 it is presumed to
-- be over: its slots are freed and it stays) and a figure: for 2 those tokens, for 3 how long it is kept from now in ms, at least, for 1
-- how many amounts follow, each behind the code of its measure. An estimate of a measure without an amount stands.
-- Answers as doubles for each reservation: 1 or, where it is not known, 0; and the largest amount of tokens that was held. One of a later
-- version is not known, and is left as it is.
local USED, LESS, UNDER_WAY, UNDONE, VACATED = 1, 2, 3, 4, 5
local SETTLES, FREES = 1, 2
local TOKENS = 2
-- What admit.lua has written of each charge.
local KEY, PACKED, MARK, HELD, AT_END, MEASURE = 1, 2, 3, 4, 5, 6
local now = time_micros(ARGV[1])
local answer = {}
local at = 1

-- What holds of version 1 settled was tokens.
local function measure_of(hold)
  return hold[MEASURE] or TOKENS
end

-- What a hold comes to in the end; nil where it stands as it is.
local function used_of(hold, step)
  local held, at_end = hold[HELD], hold[AT_END]
  if at_end == FREES or step.known == UNDONE then
    return 0
  elseif at_end == SETTLES and step.known == USED then
    return step.used[measure_of(hold)]
  elseif at_end == SETTLES and step.known == LESS and measure_of(hold) == TOKENS then
    return math.max(0, held - step.amount)
  end
end

local function bucket_of(hold)
  local figures, limit = figures_of(hold[PACKED])
  local bucket = bucket_at(hold[KEY], figures, now)
  if bucket then
    bucket.limit = limit
  end
  return bucket
end

local function settle(hold, used)
  local bucket, mark, held = bucket_of(hold), hold[MARK], hold[HELD]
  if bucket then
    if used > held then
      bucket.figures.algorithm.owe(bucket, used - held)
    else
      bucket.figures.algorithm.refund(bucket, mark, held - used)
    end
    changed[bucket] = true
  end
end

-- Takes the slot for as long again, or frees it.
local function hold_slot(hold, known)
  local bucket = hold[AT_END] == FREES and bucket_of(hold)
  if bucket then
    if known == UNDER_WAY then
      slots.renew(bucket, hold[MARK])
    else
      slots.refund(bucket, hold[MARK])
    end
    changed[bucket] = true
  end
end

local function is_hold(hold)
  return type(hold) == 'table' and type(hold[KEY]) == 'string' and type(hold[PACKED]) == 'string'
    and #hold[PACKED] >= FIGURES - 8 and tonumber(hold[HELD]) and tonumber(hold[AT_END])
end

-- What a reservation holds; nil where it is not there, or none.
local function holds_of(reservation)
  local raw = value_of(reservation)
  local fine, holds = pcall(cmsgpack.unpack, raw or '')
  if not fine or type(holds) ~= 'table' or (tonumber(holds.version or 1) or math.huge) > RESERVATION_VERSION then
    return nil
  end
  for _, hold in ipairs(holds) do
    if not is_hold(hold) then
      return nil
    end
  end
  return holds
end

-- All is read before anything is written: where a key cannot be had, as while Redis Cluster moves a slot, nothing is lost.
local steps = {}
for i, reservation in ipairs(KEYS) do
  local step = {}
  step.known, step.amount, at = struct.unpack('>dd', ARGV[2], at)
  step.used = {}
  for _ = 1, step.known == USED and step.amount or 0 do
    local measure, amount
    measure, amount, at = struct.unpack('>dd', ARGV[2], at)
    step.used[measure] = amount
  end
  step.holds = holds_of(reservation)
  for _, hold in ipairs(step.holds or {}) do
    if used_of(hold, step) then
      bucket_of(hold)
    end
  end
  steps[i] = step
end

-- As long as any of its slots: a request that ends after that time could not free it.
local function kept_ms(step)
  local longest = step.amount
  for _, hold in ipairs(step.holds) do
    if hold[AT_END] == FREES then
      longest = math.max(longest, math.ceil(figures_of(hold[PACKED]).a / 1000))
    end
  end
  return longest
end

-- Answers whether the reservation is there: an earlier step of the same call may have ended it.
local function write_reservation(reservation, step)
  if step.known == UNDER_WAY then
    return redis.call('PEXPIRE', reservation, kept_ms(step)) == 1
  elseif step.known == VACATED then
    return redis.call('EXISTS', reservation) == 1
  end
  -- The first write, and one that a full Redis takes: after it Redis lets this script write on, and room comes back.
  return redis.call('DEL', reservation) == 1
end

for i, reservation in ipairs(KEYS) do
  local step = steps[i]
  local there = step.holds and write_reservation(reservation, step)
  local largest = 0
  for _, hold in ipairs(there and step.holds or {}) do
    if hold[AT_END] == SETTLES and measure_of(hold) == TOKENS then
      largest = math.max(largest, hold[HELD])
    end
    local used = used_of(hold, step)
    if step.known == UNDER_WAY or step.known == VACATED then
      hold_slot(hold, step.known)
    elseif used then
      settle(hold, used)
    end
  end
  answer[i] = struct.pack('>dd', there and 1 or 0, largest)
end
save_all()
return table.concat(answer)
