-- Takes all charges of a request or none, or each for itself, for one request after the other.
-- KEYS: the buckets that are strings, the other buckets, the reservations
-- ARGV: now ('' means the store's clock); how many keys are strings; the figures of the limits; the requests
-- A request is: how many charges it has, what they have to do with each other (0 all or none, 1 each is taken whether it fits or not,
-- 2 so too, but where some do not fit only those), the key of its reservation (0: it has none), how long that is kept in ms; then for
-- each charge: the key, the figures, the most that the bucket takes, the amount (below 0: given back in any case), and what becomes of it
-- at the end (0 stays, 1 settles, 2 frees) plus 3 where it is in shadow (taken where it fits, and if not the request may still be taken)
-- plus 6 times the code of its measure. Keys and figures count from 1. All of them are doubles, as is the answer.
-- Answers for each request: 1 taken, 0 not taken, or -n where the n-th bucket cannot be read; then for each of its buckets: used,
-- reset and retry in microseconds.
local EACH, MISFITS_FIRST = 1, 2
local now = time_micros(ARGV[1])
local values = values_of(tonumber(ARGV[2]))
local requests = ARGV[4]
local answer = {}
local numbered = {}
local packed, packed_of = {}, {}
local buckets, mosts, amounts, codes, ends, shadows, fits, taken = {}, {}, {}, {}, {}, {}, {}, {}
local at = 1

-- Reads the charges and answers 1, or -n.
local function read_charges(count)
  local problem
  for i = 1, count do
    local key, which, code
    key, which, mosts[i], amounts[i], code, at = struct.unpack('>ddddd', requests, at)
    local figures = numbered[which]
    if not figures then
      packed[which] = ARGV[3]:sub((which - 1) * FIGURES + 1, which * FIGURES)
      figures = figures_of(packed[which])
      numbered[which] = figures
    end
    packed_of[i] = packed[which]
    codes[i], ends[i], shadows[i] = code, code % 3, code % 6 > 2
    buckets[i] = bucket_at(KEYS[key], figures, now, values[key] or false)
    problem = problem or not buckets[i] and -i
  end
  return problem or 1
end

local function give_back(count)
  for i = 1, count do
    if amounts[i] < 0 then
      buckets[i].limit = mosts[i]
      buckets[i].figures.algorithm.give_back(buckets[i], -amounts[i])
      changed[buckets[i]] = true
    end
  end
end

-- Whether the request is taken, and which of its charges then are.
local function decide(count, taking)
  local all = true
  for i = 1, count do
    local bucket = buckets[i]
    fits[i] = amounts[i] < 0 or bucket.figures.algorithm.fits(bucket, wanted_of(bucket, amounts[i]), mosts[i])
    all = all and (fits[i] or shadows[i])
  end
  for i = 1, count do
    taken[i] = amounts[i] >= 0 and (taking == EACH or taking == MISFITS_FIRST and all or fits[i] == (taking ~= MISFITS_FIRST))
  end
  return all or taking >= EACH
end

local function level_of(i)
  local bucket = buckets[i]
  local algorithm = bucket.figures.algorithm
  return struct.pack('>ddd', algorithm.used(bucket), algorithm.reset(bucket),
    shadows[i] and fits[i] and 0 or retry_micros(bucket, amounts[i], mosts[i]))
end

-- Answers with the levels: a bucket that is charged twice has two.
local function charge(count, reservation, kept_ms)
  local holds = { version = RESERVATION_VERSION }
  for i = 1, count do
    local bucket, amount = buckets[i], amounts[i]
    if taken[i] then
      local mark = bucket.figures.algorithm.charge(bucket, amount, reservation)
      if amount > 0 then
        changed[bucket] = true
      end
      if reservation and amount + ends[i] > 0 then
        holds[#holds + 1] = { bucket.key, packed_of[i], mark, amount, ends[i], math.floor(codes[i] / 6) }
      end
    end
    answer[#answer + 1] = level_of(i)
  end
  if reservation then
    redis.call('SET', reservation, cmsgpack.pack(holds), 'PX', kept_ms)
  end
end

while at <= #requests do
  local count, taking, reservation, kept_ms
  count, taking, reservation, kept_ms, at = struct.unpack('>dddd', requests, at)
  local outcome = read_charges(count)
  if outcome == 1 then
    give_back(count)
    outcome = decide(count, taking) and 1 or 0
  end
  answer[#answer + 1] = struct.pack('>d', outcome)
  if outcome == 1 then
    charge(count, KEYS[reservation], kept_ms)
  elseif outcome == 0 then
    for i = 1, count do
      answer[#answer + 1] = level_of(i)
    end
  end
end
save_all()
return table.concat(answer)
