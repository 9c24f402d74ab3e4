// Bars lie, so that every name has room: a name over its bars, the value at the end of each.

function shadeOf(series) {
  return [1, 0.6, 0.35][series % 3];
}

// The words behind a bar.
function wordsOf(figure, bar) {
  if (bar.value === null) return bar.arrived || 'no value';
  const value = written(bar.value, bar.error).replace(/ ±.*/, '');
  const series = figure.legend.length > 1 ? figure.legend[bar.of].label : '';
  return [value, series, bar.arrived].filter(Boolean).join(', ');
}

// The length of the axis with which every bar has room for its words, as far as bars are not too short then.
function lengthOf(panel, bars, scale, figure, width) {
  const lengths = bars.filter((bar) => bar.value !== null).map((bar) => {
    const end = Math.max(bar.value + (bar.error ? bar.error[1] : 0), bar.theory === null ? bar.value : bar.theory);
    return (width - widthOf(wordsOf(figure, bar)) - 22) / Math.max(Math.min(scale.share(end), 1), 0.01);
  });
  return Math.max(Math.min(width - 40, ...lengths), width * 0.45);
}

function barsPicture(chart, figure, width, theme) {
  const group = svg('g', {});
  const [frames, stops] = [[], []];
  let top = 6;
  for (const panel of figure.panels) {
    const shown = panel.bars.filter((bar) => !isHidden(chart, figure, bar.of) || figure.legend.length < 2);
    const scale = scaleOf(panel.y);
    const rect = { left: 2, top: 0, width: lengthOf(panel, shown, scale, figure, width), height: 0 };
    const start = top + 16;
    if (panel.y.name) group.append(label(titleOf(panel.y), rect.left, start - 4, theme, {}));
    const references = (panel.lines || []).filter((it) => scale.contains(it.at));
    const names = namesOver(references.filter((it) => it.label).map((it) => [it.label, rect.left + scale.share(it.at) * rect.width]), rect.left, width - 2);
    top = start + 8 + 14 * rowsOfNames(names);
    const at = (value) => rect.left + Math.max(0, Math.min(1, scale.share(value))) * rect.width;
    const grid = svg('g', {});
    group.append(grid);
    const { name, unit } = panel.y;
    figure.x.names.forEach((place, index) => {
      const bars = shown.filter((bar) => bar.place === index).sort((one, other) => one.of - other.of);
      const placeName = figure.x.name ? `${figure.x.name} = ${place}` : place;
      for (const text of wrapped(placeName, width - 10)) {
        group.append(label(text, rect.left + 4, top + 12, theme, { fill: theme.ink }));
        top += 16;
      }
      for (const bar of bars) {
        const series = figure.legend.length > 1 ? figure.legend[bar.of].label : '';
        drawBar(group, bar, { top: top + 2, left: rect.left, right: width - 2, at, scale, words: wordsOf(figure, bar), isMixed: figure.legend[bar.of].is_mixed }, theme);
        const title = series ? `${placeName}, ${series}` : placeName;
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
    for (const reference of references) {
      const x = at(reference.at);
      group.append(line([[x, start], [x, top]], { stroke: theme.ink, 'stroke-width': 1.1, 'stroke-dasharray': '6 4' }));
    }
    drawRows(group, names, start + 11, theme);
    frames.push({ rect: { ...rect, top: start, height: top - start }, panel });
    top += 24;
  }
  return { group, frames, stops, height: top };
}

// On a logarithmic axis a length says nothing, so that there is a dot.
function drawBar(group, bar, { top, left, right, at, scale, words, isMixed }, theme) {
  const color = visible(bar.color, theme);
  const [middle, isLog] = [top + 9, scale.kind === 'log'];
  if (bar.value === null) {
    group.append(label(words, left + 6, middle + 4, theme, {}));
    return;
  }
  const end = at(bar.value);
  const isFew = Boolean(bar.arrived);
  // Bars of one transport have one colour, and differ in shade.
  const shade = isMixed ? shadeOf(bar.of) : 1;
  if (isLog) {
    group.append(line([[left, middle], [end, middle]], { stroke: theme.grid, 'stroke-width': 1.5 }));
    if (scale.contains(bar.value)) group.append(svg('circle', { cx: round(end), cy: middle, r: 5.5, fill: isFew ? theme.ground : color, 'fill-opacity': shade, stroke: color, 'stroke-width': 2 }));
  } else group.append(svg('rect', {
    x: left, y: top, width: round(Math.max(end - left, 1)), height: 18, rx: 2, fill: color, 'fill-opacity': isFew ? 0.18 : shade,
    stroke: isFew ? color : null, 'stroke-dasharray': isFew ? '4 3' : null,
  }));
  let text = end;
  if (bar.error) {
    const [low, high] = [at(bar.value - bar.error[0]), at(bar.value + bar.error[1])];
    if (high - low > 3) {
      group.append(line([[low, middle], [high, middle]], { stroke: theme.ground, 'stroke-width': 3.6 }));
      group.append(whisker([low, middle], [high, middle], theme.ink));
      text = Math.max(text, high);
    }
  }
  if (bar.theory !== null && scale.contains(bar.theory)) {
    const x = at(bar.theory);
    group.append(line([[x, top - 2], [x, top + 20]], { stroke: theme.ground, 'stroke-width': 3.4 }));
    group.append(theoryTick(x, top - 2, theme));
    text = Math.max(text, x);
  }
  // What has no room behind the bar stands at the edge, over it.
  const start = Math.max(left + 2, Math.min(text + (isLog ? 9 : 6), right - widthOf(words)));
  group.append(label(shortened(words, right - start), start, middle + 4, theme, { fill: theme.ink, stroke: theme.ground, 'stroke-width': 3, 'paint-order': 'stroke' }));
}
