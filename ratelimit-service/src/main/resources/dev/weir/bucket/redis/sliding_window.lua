-- SlidingWindowState.java, which explains it. Figures: a is the length of a cell in microseconds.
-- Kept: the latest time seen, the running total, then cell and amount of every cell in use, oldest first. Where something is owed it is
-- the amount of a cell before all others, and in the total: a version that does not know it forgets it with that cell.
-- Here: the last pair as numbers, since charges go there; the others as they were read, packed in `raw` from `first` to `last`. So
-- what a charge costs does not grow with the number of cells.
local CELLS = 61
local PAIR = 16
local OWED = -1
local MOST_WINDOWS_OWED = 10
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

-- What time has taken away while something was owed: what each cell left free was charged with it at that moment. Answers the pairs
-- that are left, the total and what is still owed.
local function pay(bucket, total, debt, first)
  local cells = { struct.unpack('>' .. ('d'):rep((#bucket.raw - first + 1) / 8), bucket.raw, first) }
  local count = #cells - 1
  local at = 1
  while at < count and cells[at] + CELLS <= bucket.newest do
    local paid = math.min(debt, cells[at + 1])
    total = total - cells[at + 1] + paid
    debt = debt - paid
    if paid > 0 then
      cells[count + 1], cells[count + 2] = cells[at] + CELLS, paid
      count = count + 2
    end
    at = at + 2
  end
  return at < count and struct.pack('>' .. ('d'):rep(count - at + 1), unpack(cells, at, count)) or '', total, debt
end

function sliding.open(bucket, raw)
  bucket.newest = math.floor(bucket.latest / bucket.figures.a)
  bucket.raw, bucket.debt = raw or '', 0
  local total, first, last = 0, 1, 0
  if raw then
    local oldest = bucket.newest - CELLS + 1
    local _, cell, amount
    _, total, first = struct.unpack('>dd', raw)
    last = #raw
    assert(last % PAIR == 0, 'not a sliding window')
    if first < last then
      cell, amount = struct.unpack('>dd', raw, first)
      if cell == OWED then
        bucket.raw, total, bucket.debt = pay(bucket, total - amount, amount, first + PAIR)
        bucket.outdated = bucket.debt < amount
        first, last = 1, #bucket.raw
      end
    end
    while first < last do
      cell, amount = struct.unpack('>dd', bucket.raw, first)
      if cell >= oldest then
        break
      end
      total = total - amount
      first = first + PAIR
    end
  end
  bucket.total, bucket.first, bucket.last = first < last and total or 0, first, last
  unpack_last(bucket)
end

function sliding.fits(bucket, wanted, most)
  return bucket.total + bucket.debt + wanted <= most
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

local function charge_debt(bucket)
  if bucket.debt > 0 then
    local limit = bucket.limit
    local paid = math.min(bucket.debt, math.max(0, limit - bucket.total))
    bucket.debt = math.min(bucket.debt - paid, MOST_WINDOWS_OWED * limit)
    sliding.charge(bucket, paid)
  end
end

function sliding.owe(bucket, amount)
  bucket.debt = bucket.debt + amount
  charge_debt(bucket)
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
  charge_debt(bucket)
end

function sliding.give_back(bucket, amount)
  pack_last(bucket)
  while amount > 0 and bucket.last > 0 do
    amount = amount - take(bucket, 1, amount)
  end
  unpack_last(bucket)
  bucket.debt = math.max(0, bucket.debt - amount)
  charge_debt(bucket)
end

function sliding.used(bucket)
  return bucket.total + bucket.debt
end

local function until_no_more_than(bucket, enough)
  local too_much = bucket.total + bucket.debt - enough
  if too_much <= 0 then
    return 0
  end
  local windows = math.floor((too_much - 1) / bucket.total)
  local left, at, cell, amount = too_much - windows * bucket.total, bucket.first, nil, nil
  while left > 0 and at <= bucket.last + PAIR do
    if at < bucket.last then
      cell, amount = struct.unpack('>dd', bucket.raw, at)
    else
      cell, amount = bucket.cell, bucket.amount
    end
    left = left - amount
    at = at + PAIR
  end
  return until_forgotten(bucket, cell + windows * CELLS)
end

function sliding.reset(bucket)
  if bucket.debt > 0 then
    return until_no_more_than(bucket, 0)
  end
  return bucket.cell and until_forgotten(bucket, bucket.cell) or 0
end

function sliding.retry(bucket, wanted, most)
  return until_no_more_than(bucket, most - wanted)
end

function sliding.pack(bucket)
  local owed = bucket.debt > 0 and struct.pack('>dd', OWED, bucket.debt) or ''
  local last = bucket.cell and struct.pack('>dd', bucket.cell, bucket.amount) or ''
  return struct.pack('>dd', bucket.latest, bucket.total + bucket.debt) .. owed .. bucket.raw:sub(bucket.first, bucket.last) .. last
end
