// Numbers as the answer writes them: with the digits that their intervals allow.

// Decimals to the first digit of a half-width, or to the second one if the first is 1 or 2.
function decimalsOf(half) {
  const [mantissa, exponent] = half.toExponential(1).split('e').map(Number);
  return mantissa < 3 ? 1 - exponent : -exponent;
}

function fixed(value, decimals) {
  const unit = Number(`1e${Math.max(-decimals, 0)}`);
  const text = decimals >= 0 ? value.toFixed(Math.min(decimals, 20)) : String(Math.round(value / unit) * unit);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

function significant(value, digits) {
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  return fixed(value, digits - 1 - exponent);
}

function withoutZeros(text) {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

// The value, and ` ± half` if there is an interval that can be seen.
function written(value, reach) {
  if (!reach) return significant(value, 3);
  const half = (reach[0] + reach[1]) / 2;
  if (half <= 1e-9 * Math.abs(value)) return withoutZeros(significant(value, 6));
  const decimals = decimalsOf(half);
  return `${fixed(value, decimals)} ± ${fixed(half, decimals)}`;
}

// A time in the unit in which people say it.
function timeText(seconds) {
  if (seconds === 0) return '0 s';
  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's'], [1e-3, 'ms'], [1e-6, 'µs']];
  const least = { d: 2, h: 2, min: 3 };
  const [size, name] = units.find(([size, name]) => seconds >= size * (least[name] || 1)) || [1e-6, 'µs'];
  return `${withoutZeros(significant(seconds / size, 2))} ${name}`;
}

// A short text for a mark of an axis.
function tickText(value) {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) {
    const [mantissa, exponent] = withoutZeros(value.toExponential(2).replace(/e.*/, '')) === '1'
      ? ['', value.toExponential(0).split('e')[1]]
      : [`${withoutZeros(value.toExponential(2).split('e')[0])}·`, value.toExponential(2).split('e')[1]];
    return `${mantissa}10${raised(Number(exponent))}`;
  }
  return withoutZeros(value.toFixed(6)).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

function raised(exponent) {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return [...String(exponent)].map((c) => (c === '-' ? '⁻' : digits[Number(c)])).join('');
}

// The title of an axis: `mean latency (s)`.
function titleOf({ name, unit }) {
  return unit ? `${name} (${unit})` : name;
}

// A swept value or an instant, whole.
function wholeText(value) {
  return withoutZeros(significant(value, 12));
}

// `0.1 /s`, not `0.1 1/s`.
function withUnit(text, unit) {
  return unit ? `${text} ${unit.replace(/^1\//, '/')}` : text;
}

// The value and the ends of its interval, for a table.
function cellsOf(value, reach) {
  if (value === null || value === undefined) return ['', '', ''];
  const half = reach ? (reach[0] + reach[1]) / 2 : 0;
  if (!reach) return [significant(value, 4), '', ''];
  if (half <= 1e-9 * Math.abs(value)) return [withoutZeros(significant(value, 6)), '', ''];
  const decimals = decimalsOf(half);
  return [value, value - reach[0], value + reach[1]].map((number) => fixed(number, decimals));
}
