-- Frees all slots of a bucket. What holds them is not touched: a sign of life takes them again.
-- KEYS: the bucket
-- ARGV: now ('' means the store's clock)
-- Answers, as a double, how many slots were taken.
local now = time_micros(ARGV[1])
local taken = redis.call('ZCOUNT', KEYS[1], '(' .. string.format('%.0f', now), '+inf')
redis.call('DEL', KEYS[1])
return struct.pack('>d', taken)
