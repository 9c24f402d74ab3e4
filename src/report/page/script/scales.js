// From values to places along an axis, 0 to 1, and back.

function scaleOf(axis, zoom) {
  const [low, high] = zoom || [axis.low, axis.high];
  const isLog = axis.kind === 'log';
  const [from, to] = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
  const along = (value) => (isLog ? Math.log10(Math.max(value, 0)) : value);
  const shows = (value) => Number.isFinite(value) && (!isLog || value > 0);
  // A logarithmic axis has 0 below all values.
  const share = (value) => Math.max((along(value) - from) / (to - from || 1), -1e3);
  return {
    kind: axis.kind,
    low,
    high,
    shows,
    share,
    // Whether it lies between the ends, which have no more digits than can be seen.
    contains: (value) => shows(value) && share(value) >= -1e-9 && share(value) <= 1 + 1e-9,
    value: (share) => (isLog ? 10 ** (from + share * (to - from)) : from + share * (to - from)),
    ticks: (count) => (isLog ? logTicks(low, high, count) : linearTicks(low, high, count)),
  };
}

function linearTicks(low, high, count) {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const all = Array.from({ length: count + 2 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
  return [...new Set(all)].filter((tick) => tick <= high * (1 + 1e-12) + step * 1e-9);
}

// Powers of ten; with 2 and 5 where there are few.
function logTicks(low, high, count) {
  const all = (factors) => {
    const ticks = [];
    for (let power = Math.max(-324, Math.floor(Math.log10(low))); power <= Math.min(308, Math.ceil(Math.log10(high))); power += 1) {
      for (const factor of factors) {
        const value = Number(`${factor}e${power}`);
        if (value >= low * 0.999999 && value <= high * 1.000001) ticks.push(value);
      }
    }
    return ticks;
  };
  const some = [all([1, 2, 5]), all([1, 3]), all([1])].find((ticks) => ticks.length <= count);
  if (some && some.length > 1) return some;
  const powers = all([1]);
  if (powers.length < 2) return some || linearTicks(low, high, count).filter((tick) => tick > 0);
  const stride = Math.ceil(powers.length / count);
  return powers.filter((_, place) => place % stride === 0);
}

// The least and the greatest of the values, with a little room; from 0 where that costs little.
function around(values, isLog) {
  const shown = values.filter((value) => Number.isFinite(value) && (!isLog || value > 0));
  if (!shown.length) return null;
  let low = shown.reduce((one, other) => Math.min(one, other));
  let high = shown.reduce((one, other) => Math.max(one, other));
  if (isLog) return low < high ? [low / (high / low) ** 0.04, high * (high / low) ** 0.04] : [low / 3, high * 3];
  if (low >= 0 && low < high * 0.5) low = 0;
  if (low === high) return low === 0 ? [0, 1] : [Math.min(low * 0.5, low * 1.5), Math.max(low * 0.5, low * 1.5)];
  const room = (high - low) * 0.05;
  return [low === 0 ? 0 : low - room, high + room];
}
