-- Takes all charges of one request or none.
-- KEYS: the buckets, then the reservation where there is one
-- ARGV: now ('' means the store's clock), how long the reservation is kept in ms (0: there is none),
--       then for each bucket: limit, cell in microseconds, amount, 1 where the amount is an estimate
-- Answers whether they were taken (1 or 0), then for each bucket: used, reset and retry in microseconds.
local now = time_micros(ARGV[1])
local reservation_ms = tonumber(ARGV[2])
local count = #KEYS - (reservation_ms > 0 and 1 or 0)
local windows, limits, amounts = {}, {}, {}
local admitted = true

for i = 1, count do
  local at = 4 * i - 1
  limits[i], amounts[i] = tonumber(ARGV[at]), tonumber(ARGV[at + 2])
  windows[i] = load_window(KEYS[i], tonumber(ARGV[at + 1]), now)
  admitted = fits(windows[i], amounts[i], limits[i]) and admitted
end

if admitted then
  local holds = {}
  for i = 1, count do
    local window = windows[i]
    if amounts[i] > 0 then
      charge(window, amounts[i])
      save_window(window)
    end
    if ARGV[4 * i + 2] == '1' then
      holds[#holds + 1] = { window.key, window.cell_micros, window.newest, amounts[i] }
    end
  end
  if reservation_ms > 0 then
    redis.call('SET', KEYS[#KEYS], cmsgpack.pack(holds), 'PX', reservation_ms)
  end
end

local answer = { admitted and 1 or 0 }
for i = 1, count do
  answer[#answer + 1] = windows[i].total
  answer[#answer + 1] = reset_micros(windows[i])
  answer[#answer + 1] = retry_micros(windows[i], amounts[i], limits[i])
end
return answer
