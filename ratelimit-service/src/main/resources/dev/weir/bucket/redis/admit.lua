-- Takes all charges of one request or none.
-- KEYS: the buckets, then the reservation where there is one
-- ARGV: now ('' means the store's clock), how long the reservation is kept in ms (0: there is none), then for each bucket: the
--       most it takes, amount, what becomes of it at the end (0 stays, 1 settles, 2 frees), kind and figures a to d
-- Answers whether they were taken (1 or 0), then for each bucket: used, reset and retry in microseconds.
local FIELDS = 8
local now = time_micros(ARGV[1])
local reservation_ms = tonumber(ARGV[2])
local count = #KEYS - (reservation_ms > 0 and 1 or 0)
local buckets, amounts = {}, {}
local admitted = true

local function figures_of(i)
  local at = FIELDS * i - 2
  return { ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] }
end

for i = 1, count do
  local at = FIELDS * i - 5
  local bucket = load_bucket(KEYS[i], tonumber(ARGV[at]), figures_of(i), now, KEYS[#KEYS])
  buckets[i], amounts[i] = bucket, tonumber(ARGV[at + 1])
  admitted = bucket.algorithm.fits(bucket, math.max(amounts[i], 1)) and admitted
end

if admitted then
  local holds = {}
  for i = 1, count do
    local bucket = buckets[i]
    local mark = bucket.algorithm.charge(bucket, amounts[i])
    if amounts[i] > 0 then
      save_bucket(bucket)
    end
    local at_end = ARGV[FIELDS * i - 3]
    if at_end ~= '0' then
      holds[#holds + 1] = { bucket.key, figures_of(i), mark, amounts[i], at_end }
    end
  end
  if reservation_ms > 0 then
    redis.call('SET', KEYS[#KEYS], cmsgpack.pack(holds), 'PX', reservation_ms)
  end
end

local answer = { admitted and 1 or 0 }
for i = 1, count do
  local bucket = buckets[i]
  answer[#answer + 1] = bucket.algorithm.used(bucket)
  answer[#answer + 1] = bucket.algorithm.reset(bucket)
  answer[#answer + 1] = retry_micros(bucket, amounts[i])
end
return answer
