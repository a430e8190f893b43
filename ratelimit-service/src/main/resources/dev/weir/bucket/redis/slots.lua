-- Slots.java, which explains it, as a sorted set of reservations by the time at which their slots expire. What is taken and freed is
-- noted, and written when all is decided.
-- Figures: a is how long a slot is kept in microseconds.
local RETRY_MICROS = 1000000
local slots = {}

local function until_now(bucket)
  return string.format('%.0f', bucket.latest)
end

function slots.open(bucket)
  bucket.count = redis.call('ZCOUNT', bucket.key, '(' .. until_now(bucket), '+inf')
  bucket.taken, bucket.freed, bucket.renewed = {}, {}, {}
end

function slots.fits(bucket, wanted, most)
  return bucket.count + wanted <= most
end

function slots.charge(bucket, amount, reservation)
  if amount > 0 then
    bucket.count = bucket.count + 1
    bucket.taken[#bucket.taken + 1] = bucket.latest + bucket.figures.a
    bucket.taken[#bucket.taken + 1] = reservation
  end
  return reservation
end

function slots.refund(bucket, reservation)
  bucket.freed[reservation], bucket.renewed[reservation] = true, nil
end

-- Whose slot that would be nobody knows.
function slots.give_back() end

-- Takes the slot again where it has expired or was freed.
function slots.renew(bucket, reservation)
  bucket.renewed[reservation], bucket.freed[reservation] = true, nil
end

function slots.used(bucket)
  return bucket.count
end

-- When the last slot expires, with those just taken. One taken earlier may be the last: leases change with the policy.
local function last_expiry(bucket)
  if not bucket.last then
    bucket.last = tonumber(redis.call('ZRANGE', bucket.key, -1, -1, 'WITHSCORES')[2] or 0)
  end
  return #bucket.taken > 0 and math.max(bucket.last, bucket.latest + bucket.figures.a) or bucket.last
end

function slots.reset(bucket)
  return bucket.count == 0 and 0 or last_expiry(bucket) - bucket.latest
end

function slots.retry(bucket, wanted, most)
  return slots.fits(bucket, wanted, most) and 0 or RETRY_MICROS
end

-- What frees room comes first: a full Redis takes it, and then lets the script write on.
function slots.save(bucket)
  redis.call('ZREMRANGEBYSCORE', bucket.key, '-inf', until_now(bucket))
  local freed = {}
  for reservation in pairs(bucket.freed) do
    freed[#freed + 1] = reservation
  end
  if #freed > 0 then
    redis.call('ZREM', bucket.key, unpack(freed))
  end
  for reservation in pairs(bucket.renewed) do
    bucket.taken[#bucket.taken + 1] = bucket.latest + bucket.figures.a
    bucket.taken[#bucket.taken + 1] = reservation
  end
  if #bucket.taken > 0 then
    local kept = last_expiry(bucket) - bucket.latest
    redis.call('ZADD', bucket.key, unpack(bucket.taken))
    redis.call('PEXPIRE', bucket.key, math.ceil(kept / 1000) + 1)
  end
end
