-- SlidingWindowState.java, which explains it. Figures: a is the length of a cell in microseconds, b that of the window; where b is 0, in a
-- reservation of an earlier version, it is sixty cells.
-- Kept: the latest time seen, the running total, then mark and amount of every cell in use, oldest first. A mark is the time of the cell's
-- last charge, half a microsecond more, in cells: its whole part is the cell. An earlier version wrote the cell alone, so a mark without a
-- fraction may have been charged until the cell's end. Where something is owed it is the amount of a cell before all others, and in the
-- total: a version that does not know it forgets it with that cell.
-- Here: the last pair as numbers, since charges go there; the others as they were read, packed in `raw` from `first` to `last`. So
-- what a charge costs does not grow with the number of cells.
local CELLS = 60
local PAIR = 16
local OWED = -1
local MOST_WINDOWS_OWED = 10
local sliding = {}

local function mark_of(bucket, time)
  return (time + 0.5) / bucket.figures.a
end

-- When a cell was charged last.
local function time_of(bucket, mark)
  local cell = math.floor(mark)
  return mark == cell and (cell + 1) * bucket.figures.a - 1 or math.floor(mark * bucket.figures.a)
end

-- When a cell is forgotten.
local function end_of(bucket, mark)
  return time_of(bucket, mark) + bucket.window
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
  -- The last is where the next value would stand.
  local count = #cells - 1
  local at = 1
  while at < count and end_of(bucket, cells[at]) <= bucket.latest do
    local paid = math.min(debt, cells[at + 1])
    total = total - cells[at + 1] + paid
    debt = debt - paid
    if paid > 0 then
      local mark = mark_of(bucket, time_of(bucket, cells[at]) + CELLS * bucket.figures.a)
      if at < count - 1 and math.floor(cells[count - 1]) == math.floor(mark) then
        cells[count - 1], cells[count] = math.max(cells[count - 1], mark), cells[count] + paid
      else
        cells[count + 1], cells[count + 2] = mark, paid
        count = count + 2
      end
    end
    at = at + 2
  end
  return at < count and struct.pack('>' .. ('d'):rep(count - at + 1), unpack(cells, at, count)) or '', total, debt
end

function sliding.open(bucket, raw)
  bucket.window = bucket.figures.b > 0 and bucket.figures.b or CELLS * bucket.figures.a
  bucket.mark = mark_of(bucket, bucket.latest)
  bucket.raw, bucket.debt = raw or '', 0
  local total, first, last = 0, 1, 0
  if raw then
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
    local gone = mark_of(bucket, bucket.latest - bucket.window)
    while first < last do
      cell, amount = struct.unpack('>dd', bucket.raw, first)
      -- The first comparison is enough but for a mark without a fraction, which is of a later time than it looks.
      if cell > gone or end_of(bucket, cell) > bucket.latest then
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
  local mark, cell = bucket.mark, bucket.cell
  if cell and cell > mark then
    -- What was owed may have been paid into a cell that begins up to 60 us from now.
    mark = cell
  end
  if amount > 0 then
    if cell and cell < math.floor(mark) then
      pack_last(bucket)
    end
    bucket.cell = mark
    bucket.amount = bucket.amount + amount
    bucket.total = bucket.total + amount
  end
  return mark
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

-- Looks from the newest on: most requests end soon.
local function refund_packed(bucket, wanted, amount)
  pack_last(bucket)
  for at = bucket.last - PAIR + 1, 1, -PAIR do
    local cell = struct.unpack('>d', bucket.raw, at)
    if cell < wanted + 1 then
      if cell >= wanted then
        take(bucket, at, amount)
      end
      break
    end
  end
  unpack_last(bucket)
end

function sliding.refund(bucket, charged, amount)
  local wanted = math.floor(charged)
  if bucket.cell and math.floor(bucket.cell) == wanted then
    local taken = math.min(amount, bucket.amount)
    bucket.amount = bucket.amount - taken
    bucket.total = bucket.total - taken
    if bucket.amount == 0 then
      unpack_last(bucket)
    end
  else
    refund_packed(bucket, wanted, amount)
  end
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

-- When a cell will be forgotten, with what is paid into it until then.
local function end_once_paid(bucket, cell)
  if bucket.debt > 0 and bucket.first < bucket.last then
    local oldest = struct.unpack('>d', bucket.raw, bucket.first)
    if math.floor(cell) == math.floor(oldest) + CELLS then
      return end_of(bucket, oldest) + CELLS * bucket.figures.a
    end
  end
  return end_of(bucket, cell)
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
  return end_once_paid(bucket, cell) + windows * CELLS * bucket.figures.a - bucket.latest
end

function sliding.reset(bucket)
  if bucket.debt > 0 then
    return until_no_more_than(bucket, 0)
  end
  if bucket.cell == bucket.mark then
    return bucket.window
  end
  return bucket.cell and end_of(bucket, bucket.cell) - bucket.latest or 0
end

function sliding.retry(bucket, wanted, most)
  return until_no_more_than(bucket, most - wanted)
end

function sliding.pack(bucket)
  local owed = bucket.debt > 0 and struct.pack('>dd', OWED, bucket.debt) or ''
  local last = bucket.cell and struct.pack('>dd', bucket.cell, bucket.amount) or ''
  return struct.pack('>dd', bucket.latest, bucket.total + bucket.debt) .. owed .. bucket.raw:sub(bucket.first, bucket.last) .. last
end
