-- Ends a reservation. The buckets it names lie in its own slot: all of them carry its hash tag.
-- KEYS: the reservation
-- ARGV: now ('' means the store's clock), what was used ('' keeps the estimate)
-- Answers 0 unknown, 1 kept or 2 settled, and the largest amount that was held.
local raw = redis.call('GET', KEYS[1])
if not raw then
  return { 0, 0 }
end
-- The first write, and one that a full Redis takes: after it Redis lets this script write on, and room comes back.
redis.call('DEL', KEYS[1])

local now = time_micros(ARGV[1])
local used = tonumber(ARGV[2])
local largest = 0
for _, hold in ipairs(cmsgpack.unpack(raw)) do
  local key, figures, mark, held, at_end = unpack(hold)
  if at_end == '1' then
    largest = math.max(largest, held)
  end
  local now_used = at_end == '2' and 0 or used
  if now_used then
    local bucket = load_bucket(key, 0, figures, now)
    if now_used >= held then
      bucket.algorithm.charge(bucket, now_used - held)
    else
      bucket.algorithm.give_back(bucket, mark, held, now_used)
    end
    save_bucket(bucket)
  end
end
return { used and 2 or 1, largest }
