// Elements. Texts are always text nodes, so that no name of an experiment is read as HTML.

const SVG = 'http://www.w3.org/2000/svg';

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

function html(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

const darkness = window.matchMedia('(prefers-color-scheme: dark)');

// The colours of charts. What is printed or saved is on white.
function themeOf(isDark) {
  return isDark
    ? { ground: '#14171b', ink: '#e6e9ec', faint: '#a3adb8', grid: '#2b3138', isDark }
    : { ground: '#ffffff', ink: '#1c2127', faint: '#59636e', grid: '#e4e7eb', isDark };
}

function parts(color) {
  return [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16));
}

function luminance(color) {
  const linear = parts(color).map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

// The colour at a share of the way from one to another.
function mixed(one, other, share) {
  const [from, to] = [parts(one), parts(other)];
  return `#${from.map((part, place) => Math.round(part + (to[place] - part) * share).toString(16).padStart(2, '0')).join('')}`;
}

// The colour moved towards ink until it can be seen on the ground.
function visible(color, theme, least = 3) {
  let shown = color;
  for (let share = 0.1; contrast(shown, theme.ground) < least && share <= 1; share += 0.1) shown = mixed(color, theme.ink, share);
  return shown;
}
