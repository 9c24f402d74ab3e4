// Marks of a chart: markers, lines, axes. Looks are attributes, so that a saved picture has them.

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

// The corners of the shapes in radii, in the order of the pictures of the run; the first shape is a disc.
const SHAPES = [
  null,
  [[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
  [[0, -1.2], [1.08, 0.8], [-1.08, 0.8]],
  [[0, -1.28], [1.28, 0], [0, 1.28], [-1.28, 0]],
  [[0, 1.2], [1.08, -0.8], [-1.08, -0.8]],
  [[-1.2, 0], [0.8, 1.08], [0.8, -1.08]],
  [[1.2, 0], [-0.8, 1.08], [-0.8, -1.08]],
  [[-0.42, -1.2], [0.42, -1.2], [0.42, -0.42], [1.2, -0.42], [1.2, 0.42], [0.42, 0.42], [0.42, 1.2], [-0.42, 1.2],
    [-0.42, 0.42], [-1.2, 0.42], [-1.2, -0.42], [-0.42, -0.42]],
  [[-1, -1.15], [1, -1.15], [-1, 1.15], [1, 1.15]],
  [[0, -1.5], [0.4, -0.4], [1.5, 0], [0.4, 0.4], [0, 1.5], [-0.4, 0.4], [-1.5, 0], [-0.4, -0.4]],
  [[-1.15, -1], [-1.15, 1], [1.15, -1], [1.15, 1]],
  [[0, -1.2], [1.14, -0.37], [0.71, 0.97], [-0.71, 0.97], [-1.14, -0.37]],
];

const round = (value) => Math.round(value * 100) / 100;

function marker(shape, [x, y], radius, look) {
  const corners = SHAPES[(shape || 0) % SHAPES.length];
  if (!corners) return svg('circle', { cx: round(x), cy: round(y), r: radius, ...look });
  const points = corners.map(([dx, dy]) => `${round(x + dx * radius)},${round(y + dy * radius)}`);
  return svg('polygon', { points: points.join(' '), ...look });
}

function line(points, look) {
  const path = points.map(([x, y], place) => `${place ? 'L' : 'M'}${round(x)} ${round(y)}`).join('');
  return svg('path', { d: path, fill: 'none', 'stroke-linejoin': 'round', ...look });
}

// Interval and closed form have classes, by which a legend knows what a picture has.

function distance([x, y], [otherX, otherY]) {
  return Math.hypot(x - otherX, y - otherY);
}

// An interval up or across, with its ends.
function whisker([x1, y1], [x2, y2], color) {
  const isUp = x1 === x2;
  const ends = [[x1, y1], [x2, y2]].map(([x, y]) => (isUp ? `M${round(x - 3)} ${round(y)}h6` : `M${round(x)} ${round(y - 3)}v6`));
  return svg('path', { class: isUp ? 'interval-up' : 'interval-across', d: `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}${ends.join('')}`, fill: 'none', stroke: color, 'stroke-width': 1.2 });
}

// The band over intervals side by side, each from its foot to its top. What its line hides, which may be steep, needs no
// entry of a legend.
function bandOf(intervals, color) {
  const corners = [...intervals.map(([foot]) => foot), ...intervals.map(([, top]) => top).reverse()];
  const middle = ([[x, foot], [, top]]) => [x, (foot + top) / 2];
  const isSeen = intervals.slice(1).some((next, place) => {
    const [from, to] = [intervals[place], next].map(middle);
    const high = (distance(...intervals[place]) + distance(...next)) / 2;
    return high * (to[0] - from[0]) > 4 * distance(from, to);
  });
  return svg('polygon', { class: isSeen ? 'interval-band' : null, points: corners.map(([x, y]) => `${round(x)},${round(y)}`).join(' '), fill: color, 'fill-opacity': 0.18 });
}

function theoryLine(points, theme) {
  return line(points, { class: 'theory-line', stroke: theme.ink, 'stroke-width': 1.2, 'stroke-dasharray': '2 3' });
}

function theoryCross([x, y], theme) {
  return svg('path', { class: 'theory-cross', d: `M${round(x - 7)} ${round(y)}h14M${round(x)} ${round(y - 7)}v14`, fill: 'none', stroke: theme.ink, 'stroke-width': 1.2 });
}

// Across a bar.
function theoryTick(x, top, theme) {
  return line([[x, top], [x, top + 22]], { class: 'theory-tick', stroke: theme.ink, 'stroke-width': 1.4, 'stroke-dasharray': '2 2' });
}

const SAMPLES = {
  'theory-line': (theme) => theoryLine([[1, 8], [31, 8]], theme),
  'theory-cross': (theme) => theoryCross([16, 8], theme),
  'theory-tick': (theme) => theoryTick(16, -3, theme),
  'interval-band': (theme) => bandOf([[[1, 13], [1, 3]], [[31, 13], [31, 3]]], theme.ink),
  'interval-up': (theme) => whisker([16, 15], [16, 1], theme.ink),
  'interval-across': (theme) => whisker([3, 8], [29, 8], theme.ink),
};

// The entries of a legend for the marks of a picture.
function marksIn(picture, figure) {
  const marks = Object.keys(SAMPLES).filter((name) => picture.querySelector(`.${name}`));
  const entry = (label, kind) => ({ label, marks: marks.filter((name) => name.startsWith(kind)) });
  return [entry('theory', 'theory'), entry(`95 % confidence interval${figure.of_few || ''}`, 'interval')].filter((it) => it.marks.length);
}

// The items side by side for which `isThere`.
function stretches(items, isThere) {
  return items.reduce((all, item, place) => {
    if (!isThere(item)) return all;
    return place && isThere(items[place - 1]) ? [...all.slice(0, -1), [...all[all.length - 1], item]] : [...all, [item]];
  }, []);
}

function label(text, x, y, theme, look) {
  return svg('text', { x: round(x), y: round(y), fill: theme.faint, 'font-family': FONT, 'font-size': 12, ...look }, text);
}

// The sample of an entry of a legend.
function swatch(entry, theme) {
  const picture = svg('svg', { viewBox: '0 0 32 16', 'aria-hidden': 'true' });
  picture.append(...(entry.marks || []).map((name) => SAMPLES[name](theme)));
  if (entry.marks) return picture;
  const color = entry.is_mixed ? theme.faint : visible(entry.color, theme);
  if (entry.is_bar) picture.append(svg('rect', { x: 8, y: 2, width: 16, height: 12, rx: 2, fill: color, 'fill-opacity': entry.is_mixed ? shadeOf(entry.place) : 1 }));
  else {
    if (!entry.isPoint) picture.append(line([[1, 8], [31, 8]], { stroke: color, 'stroke-width': 2.4, 'stroke-dasharray': entry.dash.join(' ') || null }));
    if (entry.marker !== null) picture.append(marker(entry.marker, [16, 8], 4.4, { fill: color }));
  }
  return picture;
}

let measure = null;

// The width of a text in pixels.
function widthOf(text, size = 12) {
  measure = measure || document.createElement('canvas').getContext('2d');
  measure.font = `${size}px ${FONT}`;
  return measure.measureText(text).width;
}

// The text, or its begin with an ellipsis.
function shortened(text, room) {
  if (widthOf(text) <= room) return text;
  const characters = [...text];
  while (characters.length > 1 && widthOf(`${characters.join('')}…`) > room) characters.pop();
  return `${characters.join('')}…`;
}

// The lines of a text that are not wider than `room`.
function wrapped(text, room, size = 12) {
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && widthOf(longer, size) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// Names over their middles between two edges, in rows from the top: the lines, the left end and the row of each, so that none
// covers another. Those next to the plot are in the last row.
function namesOver(middles, left, right) {
  const taken = [];
  const placed = middles.sort((one, other) => one[1] - other[1]).map(([text, middle]) => {
    const lines = wrapped(text, right - left - 4, 11);
    const wide = Math.max(...lines.map((line) => widthOf(line, 11)));
    const start = Math.max(left, Math.min(middle - wide / 2, right - wide));
    const isTaken = (row) => taken.some((other) => other.row === row && start < other.end + 8 && other.start < start + wide + 8);
    let row = 0;
    while (lines.some((_, place) => isTaken(row + place))) row += 1;
    lines.forEach((_, place) => taken.push({ row: row + place, start, end: start + wide }));
    return { lines, start, row };
  });
  const rows = rowsOfNames(placed);
  return placed.map((name) => ({ ...name, row: rows - name.row - name.lines.length }));
}

function rowsOfNames(placed) {
  return Math.max(0, ...placed.map(({ lines, row }) => row + lines.length));
}

// Draws such names; `top` is the foot of the letters of the first row.
function drawRows(group, placed, top, theme) {
  for (const { lines, start, row } of placed) {
    lines.forEach((text, place) => group.append(label(text, start, top + 14 * (row + place), theme, haloOf(theme))));
  }
}

// Small letters that can be read over what is drawn.
function haloOf(theme) {
  return { 'font-size': 11, stroke: theme.ground, 'stroke-width': 3, 'paint-order': 'stroke' };
}

// A frame: its rectangle and its two scales.
function frameOf(rect, x, y) {
  return {
    rect,
    x,
    y,
    at: (vx, vy) => [rect.left + x.share(vx) * rect.width, rect.top + (1 - y.share(vy)) * rect.height],
  };
}

function drawYAxis(group, frame, titles, theme) {
  const { rect, y } = frame;
  for (const tick of y.ticks(Math.max(2, Math.floor(rect.height / 42)))) {
    const at = round(rect.top + (1 - y.share(tick)) * rect.height);
    group.append(svg('line', { x1: rect.left, x2: rect.left + rect.width, y1: at, y2: at, stroke: theme.grid }));
    group.append(label(tickText(tick), rect.left - 7, at + 4, theme, { 'text-anchor': 'end' }));
  }
  titles.forEach((title, line) => group.append(label(title, rect.left - frame.margin, rect.top - 12 - frame.above - 14 * (titles.length - 1 - line), theme, {})));
}

// The titles are the lines below its last plot.
function drawXAxis(group, frame, axis, titles, theme) {
  const { rect, x } = frame;
  const bottom = rect.top + rect.height;
  group.append(svg('line', { x1: rect.left, x2: rect.left + rect.width, y1: bottom, y2: bottom, stroke: theme.faint }));
  const ticks = xTicks(axis, x, rect.width);
  for (const [value, text] of ticks) {
    const at = round(rect.left + x.share(value) * rect.width);
    if (axis.kind !== 'names') group.append(svg('line', { x1: at, x2: at, y1: bottom, y2: bottom + 4, stroke: theme.faint }));
    if (!titles) continue;
    const half = widthOf(text) / 2;
    const place = Math.min(Math.max(at, half), rect.left + rect.width + 14 - half);
    group.append(label(text, place, bottom + 18, theme, { 'text-anchor': 'middle' }));
  }
  (titles || []).forEach((title, line) => group.append(label(title, rect.left + rect.width, bottom + 38 + 14 * line, theme, { 'text-anchor': 'end' })));
}

// The marks of a horizontal axis whose texts do not touch: those of swept values, if they have room.
function xTicks(axis, x, width) {
  const ofNames = () => axis.names.map((name, place) => [place, name]);
  const ofValues = (values) => values.map((value) => [value, tickText(value)]);
  const areFree = (ticks) => ticks.every(([value, text], place) => {
    if (!place) return true;
    const [before, earlier] = ticks[place - 1];
    return (x.share(value) - x.share(before)) * width > (widthOf(text) + widthOf(earlier)) / 2 + 8;
  });
  const stops = ofValues((axis.stops || []).filter(x.contains));
  const areExact = stops.every(([value, text], place) => value < 1e6 && (!place || text !== stops[place - 1][1]));
  if (axis.kind !== 'names' && stops.length > 1 && areExact && areFree(stops)) return stops;
  for (let count = Math.max(2, Math.floor(width / 56)); count > 1; count -= 1) {
    const ticks = axis.kind === 'names' ? ofNames() : ofValues(x.ticks(count));
    if (areFree(ticks)) return ticks;
    if (axis.kind === 'names') return ticks.filter((_, place) => place % Math.ceil(ticks.length / 3) === 0);
  }
  return ofValues(x.ticks(2).slice(0, 1));
}
