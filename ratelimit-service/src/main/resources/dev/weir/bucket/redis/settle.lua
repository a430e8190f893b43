-- Ends reservations, or prolongs them. The buckets that they name lie in their own slot: all of them carry its hash tag.
-- KEYS: the reservations
-- ARGV: now ('' means the store's clock); for each reservation as doubles: what is known of the usage (0 nothing: the estimate stays;
-- 1 what was used; 2 how much less than the estimate; 3 it is not over yet) and that amount, for 3 how long it is kept from now in ms
-- Answers as doubles for each reservation: 1 or, where it is not known, 0; and the largest amount that was held.
local USED, LESS, UNDER_WAY = 1, 2, 3
local now = time_micros(ARGV[1])
local answer = {}
local at = 1

local function settle(hold, known, amount)
  local key, packed, mark, held, at_end = unpack(hold)
  local used = held
  if at_end == 2 then
    used = 0
  elseif known == USED then
    used = amount
  elseif known == LESS then
    used = math.max(0, held - amount)
  end
  local bucket = (at_end == 2 or known > 0) and bucket_at(key, figures_of(packed), now)
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
  local key, packed, mark, _, at_end = unpack(hold)
  local bucket = at_end == 2 and bucket_at(key, figures_of(packed), now)
  if bucket then
    slots.renew(bucket, mark)
    changed[bucket] = true
  end
end

for _, reservation in ipairs(KEYS) do
  local known, amount
  known, amount, at = struct.unpack('>dd', ARGV[2], at)
  local raw = redis.call('GET', reservation)
  local largest = 0
  if raw then
    if known == UNDER_WAY then
      redis.call('PEXPIRE', reservation, amount)
    else
      -- The first write, and one that a full Redis takes: after it Redis lets this script write on, and room comes back.
      redis.call('DEL', reservation)
    end
    for _, hold in ipairs(cmsgpack.unpack(raw)) do
      if hold[5] == 1 then
        largest = math.max(largest, hold[4])
      end
      if known == UNDER_WAY then
        renew(hold)
      else
        settle(hold, known, amount)
      end
    end
  end
  answer[#answer + 1] = struct.pack('>dd', raw and 1 or 0, largest)
end
save_all()
return table.concat(answer)
