-- SlidingWindow.java, which explains it. Figures: a is the length of a cell in microseconds.
-- Kept: the latest time seen, the running total, then cell and amount of every cell in use, oldest first. All pairs but the last
-- stay packed: a charge looks at the first and the last of them, so its cost does not grow with their number.
local CELLS = 61
local PAIR = 16
local sliding = {}

local function until_forgotten(bucket, cell)
  return (cell + CELLS) * bucket.figures.a - bucket.latest
end

function sliding.open(bucket, raw)
  bucket.newest = math.floor(bucket.latest / bucket.figures.a)
  bucket.total, bucket.pairs, bucket.cell, bucket.amount = 0, '', nil, 0
  if not raw then
    return
  end
  local oldest, first = bucket.newest - CELLS + 1, PAIR + 1
  local _, total = struct.unpack('>dd', raw)
  while first < #raw do
    local cell, amount = struct.unpack('>dd', raw, first)
    if cell >= oldest then
      break
    end
    total = total - amount
    first = first + PAIR
  end
  bucket.total, bucket.pairs = total, raw:sub(first)
  sliding.unpack_last(bucket)
end

function sliding.unpack_last(bucket)
  local last = #bucket.pairs - PAIR + 1
  if last > 0 then
    bucket.cell, bucket.amount = struct.unpack('>dd', bucket.pairs, last)
    bucket.pairs = bucket.pairs:sub(1, last - 1)
  end
end

function sliding.pack_last(bucket)
  if bucket.amount > 0 then
    bucket.pairs = bucket.pairs .. struct.pack('>dd', bucket.cell, bucket.amount)
  end
  bucket.cell, bucket.amount = nil, 0
end

function sliding.fits(bucket, wanted, most)
  return bucket.total + wanted <= most
end

function sliding.charge(bucket, amount)
  if amount > 0 then
    if bucket.cell ~= bucket.newest then
      sliding.pack_last(bucket)
      bucket.cell = bucket.newest
    end
    bucket.amount = bucket.amount + amount
    bucket.total = bucket.total + amount
  end
  return bucket.newest
end

-- Takes up to `amount` out of the pair at `at` and answers how much.
local function take(bucket, at, amount)
  local cell, there = struct.unpack('>dd', bucket.pairs, at)
  local taken = math.min(amount, there)
  local left = there > taken and struct.pack('>dd', cell, there - taken) or ''
  bucket.pairs = bucket.pairs:sub(1, at - 1) .. left .. bucket.pairs:sub(at + PAIR)
  bucket.total = bucket.total - taken
  return taken
end

function sliding.refund(bucket, charged, amount)
  sliding.pack_last(bucket)
  for at = 1, #bucket.pairs, PAIR do
    if struct.unpack('>d', bucket.pairs, at) == charged then
      take(bucket, at, amount)
      break
    end
  end
  sliding.unpack_last(bucket)
end

function sliding.give_back(bucket, amount)
  sliding.pack_last(bucket)
  while amount > 0 and bucket.pairs ~= '' do
    amount = amount - take(bucket, 1, amount)
  end
  sliding.unpack_last(bucket)
end

function sliding.used(bucket)
  return bucket.total
end

function sliding.reset(bucket)
  return bucket.cell and until_forgotten(bucket, bucket.cell) or 0
end

function sliding.retry(bucket, wanted, most)
  local remaining, at, cell, amount = bucket.total, 1, nil, nil
  while remaining + wanted > most do
    if at < #bucket.pairs then
      cell, amount = struct.unpack('>dd', bucket.pairs, at)
    else
      cell, amount = bucket.cell, bucket.amount
    end
    remaining = remaining - amount
    at = at + PAIR
  end
  return cell and until_forgotten(bucket, cell) or 0
end

function sliding.pack(bucket)
  local last = bucket.cell and struct.pack('>dd', bucket.cell, bucket.amount) or ''
  return struct.pack('>dd', bucket.latest, bucket.total) .. bucket.pairs .. last
end
