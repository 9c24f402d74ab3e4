// Bars lie, so that every name has room: a name over its bars, the value at the end of each.

function barsPicture(chart, figure, width, theme) {
  const group = svg('g', {});
  const [frames, stops] = [[], []];
  let top = 6;
  for (const panel of figure.panels) {
    const shown = (panel.bars || []).filter((bar) => !isHidden(chart, figure, bar.of) || figure.legend.length < 2);
    const scale = scaleOf(panel.y);
    const rect = { left: 2, top: 0, width: width - 2 - 104, height: 0 };
    const start = top + 16;
    if (panel.y.title) group.append(label(panel.y.title, rect.left, start - 4, theme, {}));
    top = start + 8;
    const at = (value) => rect.left + Math.max(0, Math.min(1, scale.share(value))) * rect.width;
    const grid = svg('g', {});
    group.append(grid);
    const [name, unit] = nameAndUnit(panel.y.title);
    figure.x.names.forEach((place, index) => {
      const bars = shown.filter((bar) => bar.place === index).sort((one, other) => one.of - other.of);
      const placeName = figure.x.title ? `${figure.x.title} = ${place}` : place;
      for (const text of wrapped(placeName, width - 10)) {
        group.append(label(text, rect.left, top + 12, theme, { fill: theme.ink }));
        top += 16;
      }
      for (const bar of bars) {
        drawBar(group, bar, { top: top + 2, left: rect.left, at }, theme);
        const title = figure.legend[bar.of] && figure.legend.length > 1 ? `${placeName}, ${figure.legend[bar.of].label}` : placeName;
        const rows = [{ label: name, text: bar.value === null ? bar.arrived || 'no value' : withUnit(written(bar.value, bar.error), unit) }];
        if (bar.theory !== null) rows.push({ label: 'theory', text: withUnit(significant(bar.theory, 4), unit) });
        if (bar.arrived && bar.value !== null) rows.push({ label: 'messages', text: bar.arrived });
        stops.push({ px: bar.value === null ? rect.left : at(bar.value), py: top + 11, y: top, height: 20, title, rows });
        top += 21;
      }
      top += 8;
    });
    for (const tick of scale.ticks(Math.max(2, Math.floor(rect.width / 90)))) {
      const x = round(at(tick));
      grid.append(svg('line', { x1: x, x2: x, y1: start, y2: top, stroke: theme.grid }));
      group.append(label(tickText(tick), x, top + 13, theme, { 'text-anchor': x - rect.left < 12 ? 'start' : 'middle' }));
    }
    group.append(svg('line', { x1: rect.left, x2: rect.left, y1: start, y2: top, stroke: theme.faint }));
    frames.push({ rect: { ...rect, top: start, height: top - start }, panel });
    top += 24;
  }
  return { group, frames, stops, height: top };
}

function drawBar(group, bar, { top, left, at }, theme) {
  const color = visible(bar.color, theme);
  const middle = top + 9;
  if (bar.value === null) {
    group.append(label(bar.arrived || 'no value', left + 6, middle + 4, theme, {}));
    return;
  }
  const end = at(bar.value);
  const isFew = Boolean(bar.arrived);
  group.append(svg('rect', {
    x: left, y: top, width: round(Math.max(end - left, 1)), height: 18, rx: 2, fill: color, 'fill-opacity': isFew ? 0.18 : 1,
    stroke: isFew ? color : null, 'stroke-dasharray': isFew ? '4 3' : null,
  }));
  let text = end;
  if (bar.error) {
    const [low, high] = [at(bar.value - bar.error[0]), at(bar.value + bar.error[1])];
    if (high - low > 3) {
      group.append(line([[low, middle], [high, middle]], { stroke: theme.ink, 'stroke-width': 1.2 }));
      for (const x of [low, high]) group.append(line([[x, middle - 3], [x, middle + 3]], { stroke: theme.ink, 'stroke-width': 1.2 }));
      text = Math.max(text, high);
    }
  }
  if (bar.theory !== null) {
    const x = at(bar.theory);
    group.append(line([[x, top - 2], [x, top + 20]], { stroke: theme.ground, 'stroke-width': 3.4 }));
    group.append(line([[x, top - 2], [x, top + 20]], { stroke: theme.ink, 'stroke-width': 1.4, 'stroke-dasharray': '2 2' }));
    text = Math.max(text, x);
  }
  const value = written(bar.value, bar.error).replace(/ ±.*/, '');
  group.append(label(isFew ? `${value}, ${bar.arrived}` : value, text + 6, middle + 4, theme, { fill: theme.ink }));
}
