-- What the scripts share. A bucket is kept in one value, as doubles, the latest time first; but for slots, which keep themselves.
-- Every bucket is loaded once and written once, however many requests of a call reach it.
-- By their codes in Algorithm.java.
local ALGORITHMS = { sliding, refilling, fixed, slots, counter }
local FIGURES = 48
local MOST_KEYS = 1000
-- Of what admit.lua keeps of a request: 2 has a measure beside each charge. The version stands beside the list and the measure at its
-- end, where 1, which knew neither and wrote none, passes them over.
local RESERVATION_VERSION = 2
local LONGEST_MS = 1e15

local loaded = {}
local changed = {}
local all_figures = {}

-- The store's own clock, in microseconds; tests pass a time.
local function time_micros(given)
  if given ~= '' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- The values of the first keys, which are all that are strings. Lua cannot pass them all at once where there are many.
local function values_of(count)
  local values = {}
  for first = 1, count, MOST_KEYS do
    local last = math.min(count, first + MOST_KEYS - 1)
    for i, value in ipairs(redis.call('MGET', unpack(KEYS, first, last))) do
      values[first + i - 1] = value
    end
  end
  return values
end

-- packed: the algorithm, its figures a to d and its limit. Two limits of one request may share a bucket and differ in nothing but the
-- limit, so that is answered apart. Reservations of earlier versions have none: nothing is owed then.
local function figures_of(packed)
  local shared = packed:sub(1, FIGURES - 8)
  local figures = all_figures[shared]
  if not figures then
    figures = {}
    local algorithm
    algorithm, figures.a, figures.b, figures.c, figures.d = struct.unpack('>ddddd', shared)
    figures.algorithm = ALGORITHMS[algorithm]
    all_figures[shared] = figures
  end
  return figures, #packed < FIGURES and math.huge or struct.unpack('>d', packed, FIGURES - 7)
end

-- The value of a key, false where it has none, nil where it is of another type.
local function value_of(key)
  local value = redis.pcall('GET', key)
  if type(value) == 'table' then
    if not value.err:find('WRONGTYPE', 1, true) then
      error(value.err)
    end
    return nil
  end
  return value
end

-- What still counts never expires; what does not is not kept.
local function save(bucket)
  local algorithm = bucket.figures.algorithm
  if algorithm == slots then
    slots.save(bucket)
    return
  end
  local reset = algorithm.reset(bucket)
  if reset <= 0 then
    redis.call('DEL', bucket.key)
  else
    redis.call('PSETEX', bucket.key, math.min(math.ceil(reset / 1000) + 1, LONGEST_MS), algorithm.pack(bucket))
  end
end

local function open(key, figures, now, raw)
  local bucket = { key = key, figures = figures, latest = now }
  if raw then
    bucket.latest = math.max(now, (struct.unpack('>d', raw)))
  end
  figures.algorithm.open(bucket, raw)
  return bucket
end

-- The bucket with these figures, or nil where it cannot be read. raw: its value, false where it has none, nil where that is not known
local function bucket_at(key, figures, now, raw)
  local bucket = loaded[key]
  if bucket and bucket.figures == figures then
    return bucket
  end
  if bucket and changed[bucket] then
    -- The limit's figures were changed between two requests of this call.
    save(bucket)
    changed[bucket] = nil
  end
  if figures.algorithm ~= slots and (bucket or raw == nil) then
    raw = value_of(key)
    if raw == nil then
      return nil
    end
  end
  local fine
  fine, bucket = pcall(open, key, figures, now, raw)
  if not fine then
    return nil
  end
  loaded[key] = bucket
  if bucket.outdated then
    changed[bucket] = true
  end
  return bucket
end

local function save_all()
  for bucket in pairs(changed) do
    save(bucket)
  end
end

-- What must have room for an amount to fit: to most a charge of nothing is one that asks for a unit.
local function wanted_of(bucket, amount)
  return math.max(amount, bucket.figures.algorithm.least or 1)
end

-- What is given back always fits.
local function retry_micros(bucket, amount, most)
  if amount < 0 then
    return 0
  end
  local wanted = wanted_of(bucket, amount)
  return wanted > most and -1 or bucket.figures.algorithm.retry(bucket, wanted, most)
end
