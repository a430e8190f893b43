-- A sliding window in one value: the latest time seen, the running total, then cell and amount of every cell in use, oldest
-- first, all as doubles. The arithmetic is that of SlidingWindow.java, which explains it; this part stands before both scripts.
local CELLS = 61

-- The store's own clock, in microseconds; tests pass a time.
local function time_micros(given)
  if given ~= '' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function load_window(key, cell_micros, now)
  local raw = redis.call('GET', key)
  local window = { key = key, cell_micros = cell_micros, latest = now, total = 0, cells = {}, amounts = {} }
  if raw then
    local values = { struct.unpack('>' .. string.rep('d', #raw / 8), raw) }
    window.latest = math.max(now, values[1])
    window.total = values[2]
    local oldest = math.floor(window.latest / cell_micros) - CELLS + 1
    for i = 3, #raw / 8, 2 do
      if values[i] < oldest then
        window.total = window.total - values[i + 1]
      else
        window.cells[#window.cells + 1] = values[i]
        window.amounts[#window.amounts + 1] = values[i + 1]
      end
    end
  end
  window.newest = math.floor(window.latest / cell_micros)
  return window
end

local function fits(window, amount, limit)
  return window.total + math.max(amount, 1) <= limit
end

local function until_forgotten(window, cell)
  return (cell + CELLS) * window.cell_micros - window.latest
end

local function reset_micros(window)
  for i = #window.cells, 1, -1 do
    if window.amounts[i] > 0 then
      return until_forgotten(window, window.cells[i])
    end
  end
  return 0
end

local function retry_micros(window, amount, limit)
  local wanted = math.max(amount, 1)
  if wanted > limit then
    return -1
  end
  local remaining, i = window.total, 0
  while remaining + wanted > limit do
    i = i + 1
    remaining = remaining - window.amounts[i]
  end
  return i == 0 and 0 or until_forgotten(window, window.cells[i])
end

local function charge(window, amount)
  local last = #window.cells
  if amount > 0 and window.cells[last] == window.newest then
    window.amounts[last] = window.amounts[last] + amount
  elseif amount > 0 then
    window.cells[last + 1] = window.newest
    window.amounts[last + 1] = amount
  end
  window.total = window.total + amount
end

local function settle(window, cell, held, used)
  if used >= held then
    charge(window, used - held)
    return
  end
  for i = 1, #window.cells do
    if window.cells[i] == cell then
      local back = math.min(held - used, window.amounts[i])
      window.amounts[i] = window.amounts[i] - back
      window.total = window.total - back
    end
  end
end

-- Nothing that still counts ever expires; what does not count is not kept.
local function save_window(window)
  if window.total == 0 then
    redis.call('DEL', window.key)
    return
  end
  local values = { window.latest, window.total }
  for i = 1, #window.cells do
    if window.amounts[i] > 0 then
      values[#values + 1] = window.cells[i]
      values[#values + 1] = window.amounts[i]
    end
  end
  local raw = struct.pack('>' .. string.rep('d', #values), unpack(values))
  redis.call('SET', window.key, raw, 'PX', math.ceil(reset_micros(window) / 1000) + 1)
end
