-- SlidingWindow.java, which explains it. Figures: a is the length of a cell in microseconds.
-- Kept: the latest time seen, the running total, then cell and amount of every cell in use, oldest first.
local CELLS = 61
local sliding = {}

function sliding.open(bucket, values)
  bucket.total, bucket.cells, bucket.amounts = values[2] or 0, {}, {}
  bucket.newest = math.floor(bucket.latest / bucket.a)
  local oldest = bucket.newest - CELLS + 1
  for i = 3, #values, 2 do
    if values[i] < oldest then
      bucket.total = bucket.total - values[i + 1]
    else
      bucket.cells[#bucket.cells + 1] = values[i]
      bucket.amounts[#bucket.amounts + 1] = values[i + 1]
    end
  end
end

function sliding.fits(bucket, wanted)
  return bucket.total + wanted <= bucket.most
end

function sliding.charge(bucket, amount)
  local last = #bucket.cells
  if amount > 0 and bucket.cells[last] == bucket.newest then
    bucket.amounts[last] = bucket.amounts[last] + amount
  elseif amount > 0 then
    bucket.cells[last + 1] = bucket.newest
    bucket.amounts[last + 1] = amount
  end
  bucket.total = bucket.total + amount
  return bucket.newest
end

function sliding.give_back(bucket, cell, held, used)
  for i = 1, #bucket.cells do
    if bucket.cells[i] == cell then
      local back = math.min(held - used, bucket.amounts[i])
      bucket.amounts[i] = bucket.amounts[i] - back
      bucket.total = bucket.total - back
    end
  end
end

local function until_forgotten(bucket, cell)
  return (cell + CELLS) * bucket.a - bucket.latest
end

function sliding.used(bucket)
  return bucket.total
end

function sliding.reset(bucket)
  for i = #bucket.cells, 1, -1 do
    if bucket.amounts[i] > 0 then
      return until_forgotten(bucket, bucket.cells[i])
    end
  end
  return 0
end

function sliding.retry(bucket, wanted)
  local remaining, i = bucket.total, 0
  while remaining + wanted > bucket.most do
    i = i + 1
    remaining = remaining - bucket.amounts[i]
  end
  return i == 0 and 0 or until_forgotten(bucket, bucket.cells[i])
end

function sliding.values(bucket)
  local values = { bucket.latest, bucket.total }
  for i = 1, #bucket.cells do
    if bucket.amounts[i] > 0 then
      values[#values + 1] = bucket.cells[i]
      values[#values + 1] = bucket.amounts[i]
    end
  end
  return values
end
