-- What admissions and settlements share. A bucket is kept in one value, as doubles, the latest time first; but for slots, which
-- keep themselves.
local ALGORITHMS = { s = sliding, t = refilling, f = fixed, p = slots }

-- The store's own clock, in microseconds; tests pass a time.
local function time_micros(given)
  if given ~= '' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- figures: the kind, then a to d
local function load_bucket(key, most, figures, now, reservation)
  local algorithm = ALGORITHMS[figures[1]]
  local raw = algorithm ~= slots and redis.call('GET', key)
  local bucket = {
    key = key, most = most, algorithm = algorithm, reservation = reservation,
    latest = raw and math.max(now, (struct.unpack('>d', raw))) or now,
    a = tonumber(figures[2]), b = tonumber(figures[3]), c = tonumber(figures[4]), d = tonumber(figures[5]),
  }
  algorithm.open(bucket, raw)
  return bucket
end

-- What still counts never expires; what does not is not kept.
local function save_bucket(bucket)
  if bucket.algorithm == slots then
    return
  end
  local reset = bucket.algorithm.reset(bucket)
  if reset <= 0 then
    redis.call('DEL', bucket.key)
    return
  end
  redis.call('SET', bucket.key, bucket.algorithm.pack(bucket), 'PX', math.ceil(reset / 1000) + 1)
end

local function retry_micros(bucket, amount)
  local wanted = math.max(amount, 1)
  return wanted > bucket.most and -1 or bucket.algorithm.retry(bucket, wanted)
end
