// The map is drawn again from the list under it, so that it fits the screen and
// can show what is inside a part. Without this the page has all of it, too.
(function () {
  'use strict';

  function read(li, around) {
    const details = li.querySelector(':scope > details');
    const line = details ? details.querySelector(':scope > summary') : li;
    const text = function (tag) { return line.querySelector(':scope > ' + tag).textContent; };
    const part = { bytes: Number(li.dataset.b), name: text('span'), size: text('b'), share: text('i'), kind: li.dataset.k || around };
    part.parts = details ? readAll(details.querySelector(':scope > ul'), part) : [];
    return part;
  }
  function readAll(ul, above) {
    return Array.from(ul.children, function (li) {
      const part = read(li, above.kind);
      part.above = above;
      return part;
    });
  }

  // The same as squarify in treemap.go: parts come largest first.
  function squarify(sizes, box) {
    const boxes = [];
    let left = sizes.reduce(function (a, b) { return a + b; }, 0);
    for (let first = 0; first < sizes.length && sizes[first] > 0;) {
      const scale = box.w * box.h / left, side = Math.min(box.w, box.h);
      const worst = function (smallest, sum) {
        const s = sum * scale, d = side * side;
        return Math.max(d * sizes[first] * scale / (s * s), s * s / (d * smallest * scale));
      };
      let last = first + 1, sum = sizes[first];
      while (last < sizes.length && sizes[last] > 0 && worst(sizes[last], sum + sizes[last]) <= worst(sizes[last - 1], sum)) {
        sum += sizes[last++];
      }
      const share = sum / left, wide = box.w >= box.h;
      let at = 0;
      for (; first < last; first++) {
        const from = at / sum, part = sizes[first] / sum;
        boxes.push(wide ? { x: box.x, y: box.y + from * box.h, w: box.w * share, h: box.h * part }
          : { x: box.x + from * box.w, y: box.y, w: box.w * part, h: box.h * share });
        at += sizes[first];
      }
      box = wide ? { x: box.x + box.w * share, y: box.y, w: box.w * (1 - share), h: box.h }
        : { x: box.x, y: box.y + box.h * share, w: box.w, h: box.h * (1 - share) };
      left -= sum;
    }
    return boxes;
  }

  function make(tag, name, text) {
    const element = document.createElement(tag);
    element.className = name;
    if (text) { element.textContent = text; }
    return element;
  }
  function place(element, box, around) {
    element.style.left = (box.x - around.x) / around.w * 100 + '%';
    element.style.top = (box.y - around.y) / around.h * 100 + '%';
    element.style.width = box.w / around.w * 100 + '%';
    element.style.height = box.h / around.h * 100 + '%';
  }
  function label(part) {
    const said = part.kind + ':', name = part.name.startsWith(said) ? part.name.slice(said.length) : part.name;
    const element = make('span', 'label', name + ' ');
    element.append(make('b', '', part.size));
    return element;
  }
  function sizes(parts) { return parts.map(function (part) { return part.bytes; }); }
  function said(part) { return part.name + ': ' + part.size + ', ' + part.share + ' of the image'; }

  function start(figure) {
    const map = figure.querySelector('.map'), trail = figure.querySelector('.trail'), where = figure.querySelector('.where');
    const whole = { name: figure.dataset.name, size: figure.dataset.size, share: '100 %', bytes: Number(figure.dataset.b), kind: '' };
    whole.parts = readAll(figure.querySelector('.tree'), whole);
    let here = whole;

    function draw() {
      const box = { x: 0, y: 0, w: map.clientWidth, h: map.clientHeight };
      const boxes = squarify(sizes(here.parts), box);
      map.replaceChildren();
      here.parts.forEach(function (part, n) {
        if (!boxes[n]) { return; }
        const cell = make('button', 'cell k-' + part.kind);
        cell.type = 'button';
        cell.dataset.b = part.bytes;
        cell.shows = part;
        cell.setAttribute('aria-label', said(part) + (part.parts.length ? ', made of ' + part.parts.length : ''));
        if (!part.parts.length) { cell.setAttribute('aria-disabled', 'true'); }
        place(cell, boxes[n], box);
        squarify(sizes(part.parts), boxes[n]).forEach(function (inner, m) {
          if (inner.w * inner.h < 4) { return; }
          const below = part.parts[m], sub = make('span', 'cell sub k-' + below.kind);
          sub.dataset.b = below.bytes;
          sub.shows = below;
          sub.append(label(below));
          place(sub, inner, boxes[n]);
          cell.append(sub);
        });
        cell.append(label(part));
        map.append(cell);
      });
      map.setAttribute('aria-label', 'Map of ' + here.name + ', ' + here.size);
      draw.width = map.clientWidth;
    }

    function drawTrail() {
      const path = [];
      for (let part = here; part; part = part.above) { path.unshift(part); }
      const up = make('button', '', '\u2191 Up');
      up.type = 'button';
      up.disabled = here === whole;
      up.addEventListener('click', goUp);
      trail.replaceChildren(up);
      path.forEach(function (part) {
        if (part === here) {
          const current = make('span', '', part.name + ', ' + part.size);
          current.setAttribute('aria-current', 'location');
          trail.append(current);
          return;
        }
        const button = make('button', '', part.name);
        button.type = 'button';
        button.addEventListener('click', function () { go(part, part.parts[0]); });
        trail.append(button);
      });
    }

    function tell(part) { where.textContent = said(part); }

    // go shows what is in part, with the focus on one of that.
    function go(part, focused) {
      here = part;
      draw();
      drawTrail();
      tell(here);
      const cell = Array.from(map.children).find(function (c) { return c.shows === focused; }) || map.firstElementChild;
      if (cell) { cell.focus({ preventScroll: true }); }
    }
    function goUp() { if (here.above) { go(here.above, here); } }

    // move puts the focus on the nearest cell to one side.
    function move(from, x, y) {
      const a = from.getBoundingClientRect();
      let best = null, least = Infinity;
      Array.from(map.children).forEach(function (cell) {
        const b = cell.getBoundingClientRect();
        const dx = (b.left + b.right - a.left - a.right) / 2, dy = (b.top + b.bottom - a.top - a.bottom) / 2;
        const ahead = x ? dx * x : dy * y, aside = Math.abs(x ? dy : dx);
        if (cell !== from && ahead > 1 && ahead + 2 * aside < least) { best = cell; least = ahead + 2 * aside; }
      });
      if (best) { best.focus(); }
    }

    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    map.addEventListener('click', function (event) {
      const cell = event.target.closest('.map > .cell');
      if (cell && cell.shows.parts.length) { go(cell.shows, cell.shows.parts[0]); }
    });
    map.addEventListener('mouseover', function (event) {
      const cell = event.target.closest('.cell');
      if (cell) { tell(cell.shows); }
    });
    map.addEventListener('focusin', function (event) {
      if (event.target.shows) { tell(event.target.shows); }
    });
    figure.addEventListener('keydown', function (event) {
      const arrow = arrows[event.key], cell = event.target.closest('.map > .cell');
      if (event.key === 'Escape') { goUp(); }
      if (arrow && cell) { event.preventDefault(); move(cell, arrow[0], arrow[1]); }
    });
    new ResizeObserver(function () {
      if (draw.width === map.clientWidth) { return; }
      const focused = document.activeElement && document.activeElement.shows;
      draw();
      const cell = focused && Array.from(map.children).find(function (c) { return c.shows === focused; });
      if (cell) { cell.focus({ preventScroll: true }); }
    }).observe(map);
    figure.querySelectorAll('.scripted').forEach(function (element) { element.hidden = false; });
    draw();
    drawTrail();
    tell(whole);
  }

  document.querySelectorAll('.map-figure').forEach(start);
}());
