// A heat map: a field for each pair of swept values, a plot for each transport, one scale of colours.

// The colour at a share of the scale.
function mapColor(colors, share) {
  const place = Math.max(0, Math.min(1, share)) * (colors.length - 1);
  return mixed(colors[Math.floor(place)], colors[Math.ceil(place)], place % 1);
}

// Whether the transport of a plot must be named.
function hasNames(map) {
  return map.panels.length > 1 || Object.keys(DATA.colors).length > 1;
}

// Black or white, whichever reads better.
function inkOn(color) {
  return contrast(color, '#000000') > contrast(color, '#ffffff') ? '#000000' : '#ffffff';
}

function mapPicture(chart, map, width, theme) {
  const group = svg('g', {}, hatchOf(chart, theme));
  const scale = scaleOf(map.value);
  const margin = Math.min(width * 0.4, Math.max(...map.y.names.map((name) => widthOf(name)), 10) + 12);
  const across = Math.max(1, Math.min(map.panels.length, Math.floor(width / 320)));
  const wide = (width - margin - 14 * (across - 1) - 2) / across;
  const high = Math.max(20, Math.min(46, 280 / map.y.names.length));
  const [frames, stops] = [[], []];
  let top = drawLines(group, wrapped(titleOf(map.y), width), 14, theme) - 15;
  const isNamed = hasNames(map);
  for (let first = 0; first < map.panels.length; first += across) {
    const row = map.panels.slice(first, first + across);
    const names = row.map((panel) => (isNamed && panel.name ? wrapped(panel.name, wide * 0.9) : []));
    top += 10 + 16 * Math.max(0, ...names.map((lines) => lines.length));
    row.forEach((panel, place) => {
      const rect = { left: margin + place * (wide + 14), top, width: wide, height: high * map.y.names.length };
      names[place].forEach((text, line) => {
        group.append(label(text, rect.left, top - 6 - 16 * (names[place].length - 1 - line), theme, { fill: theme.ink, 'font-weight': 600 }));
      });
      const frame = mapFrame(rect, map);
      frames.push(frame);
      drawFields(group, chart, map, panel, frame, scale, theme);
      drawMapAxes(group, map, frame, theme, place === 0, place + first + across >= map.panels.length);
      stops.push(...mapStops(map, panel, frame));
      drawMapPlace(group, chart, panel, frame, theme);
    });
    top += high * map.y.names.length + 26;
  }
  top = drawLines(group, wrapped(titleOf(map.x), width - 2), top + 10, theme, { x: width - 2, 'text-anchor': 'end' });
  if (map.panels.some((panel) => panel.fields.length)) top = drawScale(group, map, scale, width, top + 10, theme);
  return { group, frames, stops, height: top };
}

// The lines of a text, and the place of a line below them.
function drawLines(group, lines, top, theme, look) {
  lines.forEach((text, place) => group.append(label(text, 0, top + 14 * place, theme, look)));
  return top + 14 * lines.length;
}

// Over fields whose latency does not cover all messages.
function hatchOf(chart, theme) {
  const stripes = svg('path', { d: 'M-2 2L2 -2M0 8L8 0M6 10L10 6', stroke: theme.ground, 'stroke-width': 1.6 });
  return svg('pattern', { id: `hatch-${chart.number}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' }, stripes);
}

function mapFrame(rect, map) {
  const [wide, high] = [rect.width / map.x.names.length, rect.height / map.y.names.length];
  const field = (x, y) => ({ left: rect.left + x * wide, top: rect.top + rect.height - (y + 1) * high, width: wide, height: high });
  return { rect, field };
}

function drawFields(group, chart, map, panel, frame, scale, theme) {
  const { rect } = frame;
  const texts = panel.fields.map(([, , value, , arrived]) => [value === null ? '' : significant(value, 3), arrived ? arrived.replace(/ (arrives?|by the end)$/, '') : ''].filter(Boolean));
  const { width, height } = frame.field(0, 0);
  const fits = texts.every((lines) => lines.length * 14 + 3 <= height && lines.every((text) => widthOf(text, 11) + 6 <= width));
  panel.fields.forEach(([x, y, value, , arrived], place) => {
    const field = frame.field(x, y);
    const color = value === null ? theme.ground : mapColor(map.value.colors, scale.share(value));
    const box = { x: round(field.left), y: round(field.top), width: round(field.width), height: round(field.height) };
    group.append(svg('rect', { ...box, fill: color, stroke: theme.ground, 'stroke-width': 1, class: 'field' }));
    if (arrived && value !== null) group.append(svg('rect', { ...box, fill: `url(#hatch-${chart.number})`, 'fill-opacity': 0.55 }));
    if (value === null) crossOut(group, field, theme);
    if (!fits) return;
    const middle = field.top + field.height / 2 + 4 - 7 * (texts[place].length - 1);
    texts[place].forEach((text, row) => {
      const look = { 'text-anchor': 'middle', 'font-size': 11, fill: value === null ? theme.ink : inkOn(color), stroke: arrived ? color : null, 'stroke-width': arrived ? 3 : null, 'paint-order': 'stroke' };
      group.append(label(text, field.left + field.width / 2, middle + 14 * row, theme, look));
    });
  });
  group.append(svg('rect', { x: round(rect.left), y: round(rect.top), width: round(rect.width), height: round(rect.height), fill: 'none', stroke: theme.faint }));
  if (!panel.fields.length) group.append(label('no data', rect.left + rect.width / 2, rect.top + rect.height / 2, theme, { 'text-anchor': 'middle', 'font-size': 15 }));
}

function crossOut(group, { left, top, width, height }, theme) {
  for (const [from, to] of [[top, top + height], [top + height, top]]) group.append(line([[left, from], [left + width, to]], { stroke: theme.faint, 'stroke-width': 1.2 }));
}

// The names of the places; what has no room is left out evenly.
function drawMapAxes(group, map, { rect, field }, theme, hasY, hasX) {
  const every = Math.ceil(15 / field(0, 0).height);
  map.y.names.forEach((name, place) => {
    const { top, height } = field(0, place);
    if (hasY && place % every === 0) group.append(label(shortened(name, rect.left - 8), rect.left - 7, top + height / 2 + 4, theme, { 'text-anchor': 'end' }));
  });
  const wide = Math.max(...map.x.names.map((name) => widthOf(name)), 1) + 8;
  const stride = Math.ceil(wide / field(0, 0).width);
  map.x.names.forEach((name, place) => {
    const { left, width } = field(place, 0);
    if (!hasX || place % stride !== 0) return;
    const half = widthOf(name) / 2;
    const middle = Math.max(Math.min(left + width / 2, rect.left + rect.width + 2 - half), Math.min(half, rect.left + half));
    group.append(label(name, middle, rect.top + rect.height + 16, theme, { 'text-anchor': 'middle' }));
  });
}

// What the colours mean.
function drawScale(group, map, scale, width, top, theme) {
  const { colors } = map.value;
  const long = Math.min(width - 30, 420);
  const step = long / colors.length;
  top = drawLines(group, wrapped(titleOf(map.value), width), top, theme) - 14;
  colors.forEach((color, place) => group.append(svg('rect', { x: round(8 + place * step), y: top + 8, width: round(step + 0.5), height: 12, fill: color })));
  let end = -Infinity;
  for (const tick of scale.ticks(Math.max(2, Math.floor(long / 80)))) {
    const [x, text] = [8 + scale.share(tick) * long, tickText(tick)];
    const half = widthOf(text) / 2;
    if (x < 7.9 || x > 8.1 + long || x - half < end + 6) continue;
    end = x + half;
    group.append(line([[x, top + 20], [x, top + 24]], { stroke: theme.faint }));
    group.append(label(text, Math.max(x, half), top + 37, theme, { 'text-anchor': 'middle' }));
  }
  return top + 46;
}

// In the order in which they are read.
function mapStops(map, panel, frame) {
  const { name, unit } = map.value;
  const placeText = (axis, place) => `${axis.name} ${withUnit(axis.names[place], axis.unit)}`;
  const fields = [...panel.fields].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  return fields.map(([x, y, value, reach, arrived]) => {
    const box = frame.field(x, y);
    const rows = [{ label: name, text: value === null ? arrived || 'no value' : withUnit(written(value, reach), unit) }];
    if (arrived && value !== null) rows.push({ label: 'messages', text: arrived });
    const place = `${placeText(map.x, x)}, ${placeText(map.y, y)}`;
    const title = hasNames(map) && panel.name ? `${panel.name}: ${place}` : place;
    return { px: box.left + box.width / 2, py: box.top + box.height / 2, box, column: x, title, rows };
  });
}

// The field of the point of the sliders.
function drawMapPlace(group, chart, { fields }, { field }, theme) {
  for (const [x, y] of fields.filter((other) => chart.hasSliders && other[5] === chart.point)) {
    const { left, top, width, height } = field(x, y);
    const box = { x: round(left + 1.5), y: round(top + 1.5), width: round(width - 3), height: round(height - 3), fill: 'none' };
    group.append(svg('rect', { ...box, stroke: theme.ground, 'stroke-width': 4 }), svg('rect', { ...box, stroke: theme.ink, 'stroke-width': 2, class: 'place' }));
  }
}

// The values of the map: a row for each field.
function mapRows(map) {
  const rows = map.panels.flatMap((panel) => panel.fields.map(([x, y, value, reach, arrived]) => [panel.name, map.x.names[x], map.y.names[y], ...cellsOf(value, reach), arrived || '']));
  return [['transport', titleOf(map.x), titleOf(map.y), titleOf(map.value), 'low95', 'high95', 'arrived'], ...rows];
}
