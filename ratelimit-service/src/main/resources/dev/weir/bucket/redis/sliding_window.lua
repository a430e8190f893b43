-- SlidingWindow.java, which explains it. Figures: a is the length of a cell in microseconds.
-- Kept: the latest time seen, the running total, then cell and amount of every cell in use, oldest first.
-- Here: the last pair as numbers, since charges go there; the others as they were read, packed in `raw` from `first` to `last`. So
-- what a charge costs does not grow with the number of cells.
local CELLS = 61
local PAIR = 16
local sliding = {}

local function until_forgotten(bucket, cell)
  return (cell + CELLS) * bucket.figures.a - bucket.latest
end

-- Makes the last packed pair the one in numbers.
local function unpack_last(bucket)
  bucket.cell, bucket.amount = nil, 0
  if bucket.first <= bucket.last then
    bucket.last = bucket.last - PAIR
    bucket.cell, bucket.amount = struct.unpack('>dd', bucket.raw, bucket.last + 1)
  end
end

-- The opposite. Leaves no pair in numbers.
local function pack_last(bucket)
  local packed = bucket.raw:sub(bucket.first, bucket.last)
  if bucket.amount > 0 then
    packed = packed .. struct.pack('>dd', bucket.cell, bucket.amount)
  end
  bucket.raw, bucket.first, bucket.last = packed, 1, #packed
  bucket.cell, bucket.amount = nil, 0
end

function sliding.open(bucket, raw)
  bucket.newest = math.floor(bucket.latest / bucket.figures.a)
  local total, first, last = 0, 1, 0
  if raw then
    local oldest = bucket.newest - CELLS + 1
    local _
    _, total, first = struct.unpack('>dd', raw)
    last = #raw
    assert(last % PAIR == 0, 'not a sliding window')
    while first < last do
      local cell, amount = struct.unpack('>dd', raw, first)
      if cell >= oldest then
        break
      end
      total = total - amount
      first = first + PAIR
    end
  end
  bucket.total, bucket.raw, bucket.first, bucket.last = first < last and total or 0, raw or '', first, last
  unpack_last(bucket)
end

function sliding.fits(bucket, wanted, most)
  return bucket.total + wanted <= most
end

function sliding.charge(bucket, amount)
  if amount > 0 then
    if bucket.cell ~= bucket.newest then
      pack_last(bucket)
      bucket.cell = bucket.newest
    end
    bucket.amount = bucket.amount + amount
    bucket.total = bucket.total + amount
  end
  return bucket.newest
end

-- Takes up to `amount` out of the packed pair at `at` and answers how much.
local function take(bucket, at, amount)
  local cell, there = struct.unpack('>dd', bucket.raw, at)
  local taken = math.min(amount, there)
  local left = there > taken and struct.pack('>dd', cell, there - taken) or ''
  bucket.raw = bucket.raw:sub(1, at - 1) .. left .. bucket.raw:sub(at + PAIR)
  bucket.last = #bucket.raw
  bucket.total = bucket.total - taken
  return taken
end

function sliding.refund(bucket, charged, amount)
  pack_last(bucket)
  for at = 1, bucket.last, PAIR do
    if struct.unpack('>d', bucket.raw, at) == charged then
      take(bucket, at, amount)
      break
    end
  end
  unpack_last(bucket)
end

function sliding.give_back(bucket, amount)
  pack_last(bucket)
  while amount > 0 and bucket.last > 0 do
    amount = amount - take(bucket, 1, amount)
  end
  unpack_last(bucket)
end

function sliding.used(bucket)
  return bucket.total
end

function sliding.reset(bucket)
  return bucket.cell and until_forgotten(bucket, bucket.cell) or 0
end

function sliding.retry(bucket, wanted, most)
  local remaining, at, cell, amount = bucket.total, bucket.first, nil, nil
  while remaining + wanted > most and at <= bucket.last + PAIR do
    if at < bucket.last then
      cell, amount = struct.unpack('>dd', bucket.raw, at)
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
  return struct.pack('>dd', bucket.latest, bucket.total) .. bucket.raw:sub(bucket.first, bucket.last) .. last
end
