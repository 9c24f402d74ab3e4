// Files that the page can save. The data are in the page, so that this needs no network.

function save(name, kind, text) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = html('a', { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// The chart as it is shown, on white, with its title and its legend.
function svgFile(chart) {
  const theme = themeOf(false);
  const width = 720;
  const { picture, height } = pictureOf(chart, { width, theme });
  const figure = figureOf(chart);
  const entries = legendOf(figure).filter((entry) => !chart.hidden.has(entry.label));
  const [titles, foot] = [wrapped(chart.data.title, width, 16), svg('g', {})];
  let [x, y] = [0, titles.length * 22 + 16 + height + 14];
  for (const entry of entries) {
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
  const inner = svg('g', { transform: `translate(0 ${titles.length * 22 + 10})` }, ...picture.childNodes);
  const all = svg('svg', { xmlns: SVG, viewBox: `-14 -10 ${width + 28} ${y + 26}`, width: width + 28, height: y + 26 },
    svg('title', {}, chart.data.title),
    svg('rect', { x: -14, y: -10, width: width + 28, height: y + 26, fill: theme.ground }),
    ...titles.map((text, place) => label(text, 0, 16 + 22 * place, theme, { fill: theme.ink, 'font-size': 16, 'font-weight': 600 })),
    inner, foot);
  return new XMLSerializer().serializeToString(all);
}

// The values of the chart as they are drawn: a row for each.
function rowsOf(chart) {
  if (chart.data.map) return mapRows(chart.data.map);
  const figure = figureOf(chart);
  const head = ['curve', figure.x.title || 'name', 'quantity', 'value', 'low95', 'high95', 'theory', 'arrived'];
  const rows = [];
  const number = (value) => (value === undefined || value === null ? '' : withoutZeros(significant(value, 6)));
  const push = (of, x, panel, value, reach, theory, arrived) => rows.push([
    figure.legend[of]?.label || '', x, panel.y.title, ...cellsOf(value, reach), number(theory), arrived || '',
  ]);
  for (const panel of figure.panels) {
    for (const curve of panel.curves) {
      const theory = new Map((curve.theory || []).flat());
      const name = (x) => (figure.x.kind === 'names' ? figure.x.names[x] : number(x));
      for (const run of curve.runs) run.x.forEach((x, place) => push(curve.of, name(x), panel, run.y[place], run.ey?.[place], theory.get(x), run.arrived?.[place]));
      for (const absent of curve.absent || []) push(curve.of, absent.edge === 'top' ? name(absent.at) : '', panel, null, null, null, 'none arrives');
    }
    for (const bar of panel.bars) push(bar.of, figure.x.names[bar.place], panel, bar.value, bar.error, bar.theory, bar.arrived);
  }
  return [head, ...rows];
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
