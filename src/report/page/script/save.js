// Files that the page can save. The data are in the page, so that this needs no network.

function save(name, kind, text) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = html('a', { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// The point that a chart shows, if it shows one.
function pointOf(chart) {
  return chart.data.is_by_point ? `at ${DATA.sliders.names[chart.point]}` : '';
}

// The name of a saved file: that of the chart, and the number of the point in the tables of the run.
function fileName(chart, kind) {
  return `${chart.data.name}${chart.data.is_by_point ? `-point-${chart.point}` : ''}.${kind}`;
}

// The chart as it is shown, on white, with its title and its legend; without the marks of the sliders.
function svgFile(chart) {
  const theme = themeOf(false);
  const width = 720;
  const { picture, height } = pictureOf({ ...chart, hasSliders: false }, { width, theme });
  const head = svg('g', {});
  let top = 16;
  for (const text of wrapped(chart.data.title, width, 16)) {
    head.append(label(text, 0, top, theme, { fill: theme.ink, 'font-size': 16, 'font-weight': 600 }));
    top += 22;
  }
  for (const text of wrapped(pointOf(chart), width, 12).filter(Boolean)) {
    head.append(label(text, 0, top - 2, theme, {}));
    top += 18;
  }
  const [foot, end] = footOf(chart, picture, top + height + 14, width, theme);
  const inner = svg('g', { transform: `translate(0 ${top - 6})` }, ...picture.childNodes);
  const box = { width: width + 28, height: end + 26 };
  const all = svg('svg', { xmlns: SVG, viewBox: `-14 -10 ${box.width} ${box.height}`, ...box },
    svg('title', {}, chart.data.title), svg('rect', { x: -14, y: -10, ...box, fill: theme.ground }), head, inner, foot);
  return new XMLSerializer().serializeToString(all);
}

// The legend and the remarks below a saved chart, and the place of their last line.
function footOf(chart, picture, top, width, theme) {
  const foot = svg('g', {});
  let [x, y] = [0, top];
  const figure = figureOf(chart);
  for (const entry of [...legendOf(figure).filter((entry) => !chart.hidden.has(entry.key)), ...marksIn(picture, figure)]) {
    const wide = 36 + widthOf(entry.label) + 18;
    if (x > 0 && x + wide > width) [x, y] = [0, y + 20];
    const sample = swatch(entry, theme);
    for (const [name, value] of Object.entries({ x, y: y - 12, width: 30, height: 15 })) sample.setAttribute(name, value);
    foot.append(sample, label(entry.label, x + 36, y, theme, { fill: theme.ink }));
    x += wide;
  }
  for (const remark of remarksOf(chart).flatMap((remark) => wrapped(remark, width, 12))) {
    y += 18;
    foot.append(label(remark, 0, y, theme, {}));
  }
  return [foot, y];
}

// The values of the chart as they are drawn: a row for each.
function rowsOf(chart) {
  if (chart.data.map) return mapRows(chart.data.map);
  const figure = figureOf(chart);
  const head = ['plot', 'curve', titleOf(figure.x) || 'name', 'quantity', 'value', 'low95', 'high95', 'theory', 'arrived'];
  const rows = [];
  const number = (value) => (value === undefined || value === null ? '' : withoutZeros(significant(value, 6)));
  const push = (of, x, panel, value, reach, theory, arrived) => rows.push([
    panel.plot, figure.legend[of].label, x, titleOf(panel.y), ...cellsOf(value, reach), number(theory), arrived || '',
  ]);
  for (const panel of figure.panels) {
    for (const curve of panel.curves) {
      const theory = new Map((curve.theory || []).flat());
      const name = (x) => (figure.x.kind === 'names' ? figure.x.names[x] : wholeText(x));
      for (const run of curve.runs) run.x.forEach((x, place) => run.isData[place] && push(curve.of, name(x), panel, run.y[place], run.ey?.[place], theory.get(x), run.arrived?.[place]));
      for (const absent of curve.absent || []) push(curve.of, absent.edge === 'top' ? name(absent.at) : '', panel, null, null, null, 'none arrives');
    }
    for (const bar of panel.bars) push(bar.of, figure.x.names[bar.place], panel, bar.value, bar.error, bar.theory, bar.arrived);
  }
  return [head, ...rows];
}

// The rows of a chart with their point, and without the plot where there is one only.
function rowsToSave(chart) {
  const [head, ...rows] = rowsOf(chart);
  const isUsed = (column) => head[column] !== 'plot' || rows.some((row) => row[column]);
  const kept = [head, ...rows].map((row) => row.filter((_, column) => isUsed(column)));
  const point = DATA.sliders.names[chart.point];
  return chart.data.is_by_point ? kept.map((row, place) => [place ? point : 'point', ...row]) : kept;
}

function csvFile(rows) {
  // A spreadsheet runs a word that begins like a formula.
  const cell = (text) => {
    const word = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(word) ? `"${word.replace(/"/g, '""')}"` : word;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function makeCopies() {
  for (const text of document.querySelectorAll('[data-copy]')) {
    const words = text.textContent;
    const button = html('button', { type: 'button', class: 'copy', onclick: () => copy(words, button) }, 'Copy');
    text.before(button);
  }
}

function copy(text, button) {
  const done = (word) => { button.textContent = word; setTimeout(() => { button.textContent = 'Copy'; }, 2_000); };
  if (!navigator.clipboard) { done('Select the text'); return; }
  navigator.clipboard.writeText(text).then(() => done('Copied'), () => done('Select the text'));
}
