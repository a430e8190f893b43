-- SlidingWindow.java, which explains it. Figures: a is the length of a cell in microseconds.
-- Kept: the latest time seen, the running total, then cell and amount of every cell in use, oldest first. The pairs stay packed:
-- a charge looks at the first and the last of them, so its cost does not grow with their number.
local CELLS = 61
local PAIR = 16
local sliding = {}

local function pair(pairs, at)
  return struct.unpack('>dd', pairs, at)
end

local function last_pair(bucket)
  if bucket.pairs ~= '' then
    return pair(bucket.pairs, #bucket.pairs - PAIR + 1)
  end
end

local function until_forgotten(bucket, cell)
  return (cell + CELLS) * bucket.a - bucket.latest
end

function sliding.open(bucket, raw)
  bucket.newest = math.floor(bucket.latest / bucket.a)
  bucket.total, bucket.pairs = 0, ''
  if not raw then
    return
  end
  local oldest, first = bucket.newest - CELLS + 1, PAIR + 1
  local _, total = pair(raw, 1)
  while first < #raw do
    local cell, amount = pair(raw, first)
    if cell >= oldest then
      break
    end
    total = total - amount
    first = first + PAIR
  end
  bucket.total, bucket.pairs = total, raw:sub(first)
end

function sliding.fits(bucket, wanted)
  return bucket.total + wanted <= bucket.most
end

function sliding.charge(bucket, amount)
  if amount > 0 then
    local cell, known = last_pair(bucket)
    if cell == bucket.newest then
      bucket.pairs = bucket.pairs:sub(1, -PAIR - 1) .. struct.pack('>dd', cell, known + amount)
    else
      bucket.pairs = bucket.pairs .. struct.pack('>dd', bucket.newest, amount)
    end
    bucket.total = bucket.total + amount
  end
  return bucket.newest
end

function sliding.give_back(bucket, charged, held, used)
  for at = 1, #bucket.pairs, PAIR do
    local cell, amount = pair(bucket.pairs, at)
    if cell == charged then
      local back = math.min(held - used, amount)
      local left = amount > back and struct.pack('>dd', cell, amount - back) or ''
      bucket.pairs = bucket.pairs:sub(1, at - 1) .. left .. bucket.pairs:sub(at + PAIR)
      bucket.total = bucket.total - back
      return
    end
  end
end

function sliding.used(bucket)
  return bucket.total
end

function sliding.reset(bucket)
  local cell = last_pair(bucket)
  return cell and until_forgotten(bucket, cell) or 0
end

function sliding.retry(bucket, wanted)
  local remaining, at, cell, amount = bucket.total, 1, nil, nil
  while remaining + wanted > bucket.most do
    cell, amount = pair(bucket.pairs, at)
    remaining = remaining - amount
    at = at + PAIR
  end
  return cell and until_forgotten(bucket, cell) or 0
end

function sliding.pack(bucket)
  return struct.pack('>dd', bucket.latest, bucket.total) .. bucket.pairs
end
