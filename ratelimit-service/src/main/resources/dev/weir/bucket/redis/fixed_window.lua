-- FixedWindow.java, which explains it. Figures: a is the length of a period in microseconds; or it is 0, and b, c and d are three
-- boundaries in a row of a calendar.
-- Kept: the latest time seen, the count, start and end of its period.
local fixed = {}

function fixed.open(bucket, raw)
  if raw then
    local _
    _, bucket.count, bucket.start, bucket.finish = struct.unpack('>dddd', raw)
    if bucket.latest < bucket.finish then
      return
    end
  end
  bucket.count = 0
  if bucket.a > 0 then
    bucket.start = bucket.latest - bucket.latest % bucket.a
    bucket.finish = bucket.start + bucket.a
  elseif bucket.latest < bucket.c then
    bucket.start, bucket.finish = bucket.b, bucket.c
  else
    bucket.start, bucket.finish = bucket.c, bucket.d
  end
end

function fixed.fits(bucket, wanted)
  return bucket.count + wanted <= bucket.most
end

function fixed.charge(bucket, amount)
  bucket.count = bucket.count + amount
  return bucket.start
end

function fixed.give_back(bucket, start, held, used)
  if start == bucket.start then
    bucket.count = bucket.count - math.min(held - used, bucket.count)
  end
end

function fixed.used(bucket)
  return bucket.count
end

function fixed.reset(bucket)
  return bucket.count == 0 and 0 or bucket.finish - bucket.latest
end

function fixed.retry(bucket, wanted)
  return fixed.fits(bucket, wanted) and 0 or bucket.finish - bucket.latest
end

function fixed.pack(bucket)
  return struct.pack('>dddd', bucket.latest, bucket.count, bucket.start, bucket.finish)
end
