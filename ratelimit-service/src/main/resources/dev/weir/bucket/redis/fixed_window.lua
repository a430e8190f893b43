-- FixedWindow.java, which explains it. Figures: a is the length of a period in microseconds; or it is 0, and b, c and d are three
-- boundaries in a row of a calendar.
-- Kept: the latest time seen, the count, start and end of its period.
local fixed = {}

function fixed.open(bucket, raw)
  local figures = bucket.figures
  if raw then
    local _
    _, bucket.count, bucket.start, bucket.finish = struct.unpack('>dddd', raw)
    if bucket.latest < bucket.finish then
      return
    end
  end
  bucket.count = 0
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

function fixed.fits(bucket, wanted, most)
  return bucket.count + wanted <= most
end

function fixed.charge(bucket, amount)
  bucket.count = bucket.count + amount
  return bucket.start
end

function fixed.refund(bucket, start, amount)
  if start == bucket.start then
    fixed.give_back(bucket, amount)
  end
end

function fixed.give_back(bucket, amount)
  bucket.count = math.max(0, bucket.count - amount)
end

function fixed.used(bucket)
  return bucket.count
end

function fixed.reset(bucket)
  return bucket.count == 0 and 0 or bucket.finish - bucket.latest
end

function fixed.retry(bucket, wanted, most)
  return fixed.fits(bucket, wanted, most) and 0 or bucket.finish - bucket.latest
end

function fixed.pack(bucket)
  return struct.pack('>dddd', bucket.latest, bucket.count, bucket.start, bucket.finish)
end
