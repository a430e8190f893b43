-- TokenBucketState.java, which explains it. Figures: a is the shares that flow back in a microsecond, b the shares of one unit.
-- Kept: the latest time seen, the shares owed, and the figures by which they flow back until the next call.
local refilling = {}

function refilling.open(bucket, raw)
  local owed = 0
  if raw then
    local latest, before, per_micro, per_unit = struct.unpack('>dddd', raw)
    owed = math.max(0, before - (bucket.latest - latest) * per_micro)
    if per_unit ~= bucket.figures.b then
      owed = math.ceil(owed * bucket.figures.b / per_unit)
    end
    -- From here on it flows back by the new figures, even if nothing is charged now.
    bucket.outdated = per_unit ~= bucket.figures.b or per_micro ~= bucket.figures.a
  end
  bucket.owed = owed
end

function refilling.fits(bucket, wanted, most)
  return bucket.owed + wanted * bucket.figures.b <= most * bucket.figures.b
end

function refilling.charge(bucket, amount)
  bucket.owed = bucket.owed + amount * bucket.figures.b
  return bucket.latest
end

refilling.owe = refilling.charge

function refilling.refund(bucket, charged_at, amount)
  local back = amount * bucket.figures.b - (bucket.latest - charged_at) * bucket.figures.a
  bucket.owed = bucket.owed - math.min(bucket.owed, math.max(0, back))
end

function refilling.give_back(bucket, amount)
  bucket.owed = math.max(0, bucket.owed - amount * bucket.figures.b)
end

function refilling.used(bucket)
  return math.ceil(bucket.owed / bucket.figures.b)
end

function refilling.reset(bucket)
  return math.ceil(bucket.owed / bucket.figures.a)
end

function refilling.retry(bucket, wanted, most)
  local too_much = bucket.owed + wanted * bucket.figures.b - most * bucket.figures.b
  return too_much <= 0 and 0 or math.ceil(too_much / bucket.figures.a)
end

function refilling.pack(bucket)
  return struct.pack('>dddd', bucket.latest, bucket.owed, bucket.figures.a, bucket.figures.b)
end
