-- FixedWindowState.java, which explains it. Figures: a is the length of a period in microseconds; or it is below 0, which is the length of
-- the longest period of a calendar, and b, c and d are three of its boundaries in a row.
-- Kept: the latest time seen, the count, start and end of its period; where something is owed also that.
local fixed = {}

-- In reservations of earlier versions a is 0 for a calendar.
local function longest_period(figures)
  return figures.a ~= 0 and math.abs(figures.a) or figures.d - figures.c
end

local function begin_period(bucket)
  local figures = bucket.figures
  if figures.a > 0 then
    bucket.start = bucket.latest - bucket.latest % figures.a
    bucket.finish = bucket.start + figures.a
  elseif bucket.latest < figures.c then
    bucket.start, bucket.finish = figures.b, figures.c
  else
    -- The last period known, or one as long as that where clocks differ by more, or a settlement comes very late.
    local length = figures.d - figures.c
    bucket.start = bucket.latest - (bucket.latest - figures.c) % length
    bucket.finish = bucket.start + length
  end
end

function fixed.open(bucket, raw)
  bucket.count, bucket.debt = 0, 0
  if not raw then
    begin_period(bucket)
    return
  end
  local _
  _, bucket.count, bucket.start, bucket.finish = struct.unpack('>dddd', raw)
  if #raw > 32 then
    bucket.debt = struct.unpack('>d', raw, 33)
  end
  if bucket.latest >= bucket.finish then
    local count, debt, finish = bucket.count, bucket.debt, bucket.finish
    begin_period(bucket)
    local over = math.floor((bucket.start - finish) / longest_period(bucket.figures) + 0.5)
    bucket.count = math.max(0, math.min(count, debt - over * count))
    bucket.debt = math.max(0, debt - (over + 1) * count)
  end
end

function fixed.fits(bucket, wanted, most)
  return fixed.used(bucket) + wanted <= most
end

function fixed.charge(bucket, amount)
  bucket.count = bucket.count + amount
  return bucket.start
end

local function charge_debt(bucket)
  local limit = bucket.limit
  local paid = math.min(bucket.debt, math.max(0, limit - bucket.count))
  bucket.debt = math.min(bucket.debt - paid, MOST_WINDOWS_OWED * limit)
  bucket.count = bucket.count + paid
end

function fixed.owe(bucket, amount)
  bucket.debt = bucket.debt + amount
  charge_debt(bucket)
end

function fixed.refund(bucket, start, amount)
  if start == bucket.start then
    bucket.count = math.max(0, bucket.count - amount)
  end
  charge_debt(bucket)
end

function fixed.give_back(bucket, amount)
  local back = math.min(amount, bucket.count)
  bucket.count = bucket.count - back
  bucket.debt = math.max(0, bucket.debt - (amount - back))
  charge_debt(bucket)
end

function fixed.used(bucket)
  return bucket.count + bucket.debt
end

local function until_no_more_than(bucket, enough)
  local too_much = fixed.used(bucket) - enough
  if too_much <= 0 then
    return 0
  end
  return bucket.finish - bucket.latest + math.floor((too_much - 1) / bucket.count) * longest_period(bucket.figures)
end

function fixed.reset(bucket)
  return until_no_more_than(bucket, 0)
end

function fixed.retry(bucket, wanted, most)
  return until_no_more_than(bucket, most - wanted)
end

function fixed.pack(bucket)
  local kept = struct.pack('>dddd', bucket.latest, bucket.count, bucket.start, bucket.finish)
  return bucket.debt > 0 and kept .. struct.pack('>d', bucket.debt) or kept
end
