-- Which Envoys the replicas are connected to: a sorted set of "REPLICA ENVOY" by the time in ms until which that holds.
-- KEYS: the set
-- ARGV: the replica; for how many ms it is connected to these Envoys, or 0 to ask whether another replica is; the Envoys
-- Answers 1 where another replica is connected to one of them, otherwise 0.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local replica, lasts = ARGV[1], tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if lasts > 0 then
  for i = 3, #ARGV do
    redis.call('ZADD', KEYS[1], now + lasts, replica .. ' ' .. ARGV[i])
  end
  redis.call('PEXPIRE', KEYS[1], lasts)
  return '0'
end
local asked = {}
for i = 3, #ARGV do
  asked[ARGV[i]] = true
end
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local other, envoy = member:match('^(%S+) (.*)$')
  if other ~= replica and asked[envoy] then
    return '1'
  end
end
return '0'
