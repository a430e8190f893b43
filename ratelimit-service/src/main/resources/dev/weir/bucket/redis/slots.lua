-- Slots.java, which explains it, as a sorted set of reservations by the time at which their slots expire.
-- Figures: a is how long a slot is kept in microseconds.
local RETRY_MICROS = 1000000
local slots = {}

-- Only reads: a write here would let a full Redis take the rest of the admission.
function slots.open(bucket)
  bucket.count = redis.call('ZCOUNT', bucket.key, string.format('(%.0f', bucket.latest), '+inf')
end

local function forget_expired(bucket)
  redis.call('ZREMRANGEBYSCORE', bucket.key, '-inf', string.format('%.0f', bucket.latest))
end

function slots.fits(bucket, wanted)
  return bucket.count + wanted <= bucket.most
end

function slots.charge(bucket, amount)
  if amount > 0 then
    bucket.count = bucket.count + redis.call('ZADD', bucket.key, bucket.latest + bucket.a, bucket.reservation)
    redis.call('PEXPIRE', bucket.key, math.ceil(bucket.a / 1000) + 1)
    forget_expired(bucket)
  end
  return bucket.reservation
end

function slots.give_back(bucket, reservation)
  forget_expired(bucket)
  bucket.count = bucket.count - redis.call('ZREM', bucket.key, reservation)
end

function slots.used(bucket)
  return bucket.count
end

-- An asking does not write, so the set may still hold what has expired.
function slots.reset(bucket)
  if bucket.count == 0 then
    return 0
  end
  local last = redis.call('ZRANGE', bucket.key, -1, -1, 'WITHSCORES')[2]
  return last - bucket.latest
end

function slots.retry(bucket, wanted)
  return slots.fits(bucket, wanted) and 0 or RETRY_MICROS
end
