-- CounterState.java, which explains it: a fixed window, but for the figures around nothing, and nothing is owed.
local counter = {
  least = 0,
  open = fixed.open,
  fits = fixed.fits,
  charge = fixed.charge,
  owe = fixed.charge,
  refund = fixed.refund,
  give_back = fixed.give_back,
  used = fixed.used,
  retry = fixed.retry,
  pack = fixed.pack,
}

function counter.reset(bucket)
  return bucket.finish - bucket.latest
end
