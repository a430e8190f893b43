-- TokenBucket.java, which explains it. Figures: a is the shares that flow back in a microsecond, b the shares of one unit.
-- Kept: the latest time seen, the shares owed, and the figures by which they flow back until the next call.
local refilling = {}

function refilling.open(bucket, raw)
  local owed = 0
  if raw then
    local latest, before, per_micro, per_unit = struct.unpack('>dddd', raw)
    owed = math.max(0, before - (bucket.latest - latest) * per_micro)
    if per_unit ~= bucket.b then
      owed = math.ceil(owed * bucket.b / per_unit)
    end
  end
  bucket.owed = owed
end

function refilling.fits(bucket, wanted)
  return bucket.owed + wanted * bucket.b <= bucket.most * bucket.b
end

function refilling.charge(bucket, amount)
  bucket.owed = bucket.owed + amount * bucket.b
  return bucket.latest
end

function refilling.give_back(bucket, charged_at, held, used)
  local back = (held - used) * bucket.b - (bucket.latest - charged_at) * bucket.a
  bucket.owed = bucket.owed - math.min(bucket.owed, math.max(0, back))
end

function refilling.used(bucket)
  return math.ceil(bucket.owed / bucket.b)
end

function refilling.reset(bucket)
  return math.ceil(bucket.owed / bucket.a)
end

function refilling.retry(bucket, wanted)
  local too_much = bucket.owed + wanted * bucket.b - bucket.most * bucket.b
  return too_much <= 0 and 0 or math.ceil(too_much / bucket.a)
end

function refilling.pack(bucket)
  return struct.pack('>dddd', bucket.latest, bucket.owed, bucket.a, bucket.b)
end
