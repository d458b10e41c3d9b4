'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const plan = data.kind === 'plan';
  const kinds = ['base', 'environment', 'dependencies', 'snapshots', 'resources', 'classes', 'application', 'files'];
  const byId = id => document.getElementById(id);

  // Elements are made of texts alone: no text is ever read as markup.
  function el(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key === 'class') {
        element.className = value;
      } else if (key.startsWith('on')) {
        element.addEventListener(key.slice(2), value);
      } else if (value !== false) {
        element.setAttribute(key, value);
      }
    }
    element.append(...children.flat().filter(child => child !== '' && child !== null));
    return element;
  }
  const text = (value, cls = '') => el('bdi', cls ? { class: cls } : {}, value);
  const code = value => el('code', {}, value);

  // ---- Words for numbers ----

  function bytes(count) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
    let unit = 0;
    let value = count;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return (unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)) + ' ' + units[unit];
  }
  const counted = (count, one, many = one + 's') => count.toLocaleString('en') + ' ' + (count === 1 ? one : many);
  const seconds = millis => millis < 10000 ? (millis / 1000).toFixed(1) + ' s'
    : millis < 120000 ? Math.round(millis / 1000) + ' s' : Math.round(millis / 60000) + ' min';
  const clock = iso => new Date(iso).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).replace(' at ', ', ') + ' UTC';
  const short = digest => digest.replace('sha256:', '').slice(0, 12);
  const total = items => items.reduce((sum, item) => sum + item, 0);

  function age(iso) {
    const minutes = (new Date(data.time) - new Date(iso)) / 60000;
    if (minutes < 2) {
      return 'just now';
    }
    const [count, unit] = minutes < 120 ? [minutes, 'minute'] : minutes < 1320 ? [minutes / 60, 'hour']
      : minutes < 86400 ? [minutes / 1440, 'day'] : [minutes / 43800, 'month'];
    return counted(Math.round(count), unit);
  }

  /** The name of a class, and its package. */
  function named(task) {
    const dot = task.lastIndexOf('.');
    return { name: task.slice(dot + 1), package: dot < 0 ? '' : task.slice(0, dot) };
  }

  // ---- What follows from the data ----

  const parts = data.parts;
  const images = data.images;
  parts.forEach((part, index) => {
    part.index = index;
    part.images = [];
  });
  images.forEach((image, index) => {
    image.index = index;
    image.parts = image.parts.map(part => parts[part]);
    [...new Set(image.parts)].forEach(part => part.images.push(image));
  });
  const tasksOf = part => part.images.flatMap(image => image.tasks);
  const isAlone = part => part.images.length < 2 && part.kind !== 'base' && part.kind !== 'environment';
  const isNew = part => plan ? part.arriving : part.layers.some(layer => layer.sent);
  const drawn = parts.filter(part => !isAlone(part));
  const taskCount = total(images.map(image => image.tasks.length));
  const distinct = total(parts.map(part => part.bytes));
  const separate = total(images.map(image => image.bytes));
  const largest = Math.max(1, ...images.map(image => image.bytes));
  const isUnsaid = part => part.layers.length === 0;

  /** Images that have the same parts below stand together: so the lines cross as little as they can. */
  const ranked = images.slice().sort((a, b) => {
    for (let i = 0; i < Math.min(a.parts.length, b.parts.length); i++) {
      if (a.parts[i] !== b.parts[i]) {
        return a.parts[i].index - b.parts[i].index;
      }
    }
    return a.parts.length - b.parts.length || a.index - b.index;
  });

  // ---- Head ----

  function head() {
    const title = plan ? 'Plan' : 'Registration';
    document.title = title + ' · ImageSpec';
    byId('title').textContent = plan ? 'What a registration would do' : 'What was registered';
    const said = [clock(data.time)];
    if (data.revision) {
      said.push('revision ' + data.revision);
    }
    if (data.source) {
      said.push(data.source);
    }
    byId('subtitle').append(...said.flatMap((part, index) => index ? [' · ', text(part)] : [text(part)]));
    const built = images.filter(image => image.action === 'built' || image.action === 'build').length;
    const reused = images.length - built;
    const failed = total(data.failures.map(failure => failure.tasks.length));
    fact('Tasks', (taskCount + failed).toLocaleString('en'), failed ? failed + ' failed' : plan ? '' : 'each has its image');
    fact('Images', images.length.toLocaleString('en'), plan ? `${built} to build, ${reused} unchanged` : `${built} built, ${reused} reused`);
    if (images.length) {
      const saved = separate - distinct;
      fact('Layers', bytes(distinct), saved > distinct / 100 ? bytes(separate) + ' without sharing' : 'stored once');
    }
    if (plan) {
      const sent = total(parts.filter(part => isNew(part) && part.kind !== 'environment').map(part => part.bytes));
      fact('To send', bytes(sent), sent ? 'at most, before compression' : images.length ? 'everything is there' : '');
    } else {
      const sent = total(images.map(image => image.uploaded));
      fact('Sent', bytes(sent), sent ? 'only what was missing' : 'everything was there');
      fact('Took', seconds(data.millis), counted(data.requests, 'request'));
    }
  }

  function fact(name, value, more) {
    byId('facts').append(el('div', {},
      el('dt', {}, name),
      el('dd', {}, el('div', { class: 'value' }, value), el('div', { class: 'more' }, more))));
  }

  // ---- Failures and changes ----

  function failures() {
    byId('failures').hidden = data.failures.length === 0;
    byId('failure-list').append(...data.failures.map(failure => el('article', { class: 'card bad' },
      el('h3', {}, text(failure.tasks.join(', ') || 'The registration itself')),
      el('p', {}, text(failure.message)),
      el('p', { class: 'where' }, [failure.repository, failure.code].filter(part => part).join(' · ')))));
  }

  function diff(changes) {
    return el('ul', { class: 'diff' }, changes.map(change => el('li', { class: change.kind }, text(change.text))));
  }

  const SHOWN_CHANGES = 24;

  function changes() {
    const changed = images.filter(image => image.action === 'build');
    if (!plan || changed.length === 0) {
      return;
    }
    const card = image => el('article', { class: 'card' },
      el('h3', {}, opener(image, image.tasks.map(task => named(task).name).join(', '))),
      diff(image.changes));
    byId('changes').hidden = false;
    const list = byId('change-list');
    list.append(...changed.slice(0, SHOWN_CHANGES).map(card));
    if (changed.length > SHOWN_CHANGES) {
      const more = el('p', { class: 'more' }, el('button', { type: 'button', onclick: () => {
        more.remove();
        const rest = changed.slice(SHOWN_CHANGES).map(card);
        list.append(...rest);
        rest[0].querySelector('button').focus();
      } }, `Show the other ${changed.length - SHOWN_CHANGES} images that change`));
      list.append(more);
    }
  }

  // ---- The picture ----

  function segment(part, size, ghost) {
    const cls = `seg k-${part.kind}` + (ghost ? ' ghost' : '') + (isNew(part) ? ' new' : '') + (isUnsaid(part) ? ' unknown' : '');
    const bar = el('span', { class: cls });
    bar.style.flexBasis = (100 * size / largest) + '%';
    return bar;
  }

  function partTrack(part) {
    const segments = isUnsaid(part) ? [segment(part, 0, false)] : part.layers.map(layer => {
      const bar = segment(part, layer.bytes, false);
      bar.classList.toggle('new', plan ? isNew(part) : layer.sent);
      return bar;
    });
    return el('span', { class: 'track', 'aria-hidden': 'true' }, segments);
  }

  const sizeOf = part => isUnsaid(part) ? 'size not known' : bytes(part.bytes) + (part.stored ? '' : ' of files');

  function partItem(part) {
    const tasks = tasksOf(part).length;
    const said = [counted(part.images.length, 'image'), counted(tasks, 'task')].join(', ');
    part.button = el('button', { type: 'button', class: 'part k-' + part.kind, tabindex: '-1',
      'aria-label': `${part.kind} ${part.name}, ${sizeOf(part)}, in ${said}` },
      el('span', { class: 'label' }, text(title(part), 'name'), el('span', { class: 'aside' }, sizeOf(part))),
      partTrack(part),
      el('span', { class: 'label' }, text(under(part), 'under'), el('span', { class: 'aside' }, said)));
    part.button.item = part;
    return el('li', {}, part.button);
  }

  const title = part => part.kind === 'base' ? part.name.replace(/@sha256:.*/, '').replace(/.*\//, '')
    : part.kind === 'environment' ? (part.steps[0] || part.name) : part.kind[0].toUpperCase() + part.kind.slice(1);

  /** What tells a part from others with its title. */
  function under(part) {
    if (part.kind === 'base') {
      return part.name.replace(/@sha256:.*/, '').replace(/\/?[^/]*$/, '');
    }
    if (part.kind === 'environment') {
      return part.steps.length > 1 ? 'and ' + counted(part.steps.length - 1, 'more step') : part.name;
    }
    const name = part.largest.length ? part.largest[0].path.replace(/.*\//, '') : '';
    if (part.files === 0) {
      return 'folders alone';
    }
    return part.files > 1 ? `${name} and ${part.files - 1} more` : name;
  }

  const SHOWN_TASKS = 3;

  function imageItem(image) {
    const shown = image.tasks.slice(0, image.tasks.length > SHOWN_TASKS + 1 ? SHOWN_TASKS : SHOWN_TASKS + 1).map(named);
    const more = image.tasks.length - shown.length;
    const names = shown.map(task => el('span', { class: 'task' }, text(task.name, 'name'), text(task.package, 'package')));
    if (more) {
      names.push(el('span', { class: 'under' }, `and ${counted(more, 'more task')}`));
    }
    image.button = el('button', { type: 'button', class: 'row', tabindex: '-1',
      'aria-label': `${shown.map(task => task.name).join(', ')}${more ? ` and ${more} more` : ''}: ${image.action}, ${bytes(image.bytes)}` },
      el('span', { class: 'tasks' }, names),
      el('span', {},
        el('span', { class: 'track', 'aria-hidden': 'true' }, image.parts.map(part => segment(part, part.bytes, !isAlone(part)))),
        el('span', { class: 'weight' }, el('span', { class: 'action ' + image.action }, image.action), el('span', {}, bytes(image.bytes)))));
    image.button.item = image;
    return el('li', {}, image.button);
  }

  function picture() {
    byId('map').hidden = images.length === 0;
    byId('legend').append(
      ...kinds.filter(kind => parts.some(part => part.kind === kind)).map(kind =>
        el('li', {}, el('span', { class: 'swatch k-' + kind }), kind)),
      ...(parts.some(isNew) ? [el('li', {}, el('span', { class: 'swatch new' }), plan ? 'new' : 'sent now')] : []),
      el('li', {}, el('span', { class: 'swatch ghost' }), 'drawn on the left'));
    const shared = drawn.filter(part => part.images.length > 1).length;
    byId('map-text').textContent = (shared
      ? 'What several images have is stored once, and drawn once, with a line to each of them. '
      : '') + 'Every bar is as wide as its bytes'
      + (parts.some(part => !part.stored && !isUnsaid(part))
        ? ', compressed as in the registry; of layers that are not built yet, as their files are now.'
        : ', compressed as in the registry.');
    byId('parts').append(...drawn.map(partItem));
    byId('images').append(...ranked.map(imageItem));
    follow(byId('parts'), drawn);
    follow(byId('images'), ranked);
    for (const scroll of document.querySelectorAll('.scroll')) {
      scroll.addEventListener('scroll', redraw, { passive: true });
    }
    new ResizeObserver(redraw).observe(byId('figure'));
    addEventListener('beforeprint', () => {
      byId('figure').classList.add('all');
      draw();
    });
    addEventListener('afterprint', () => {
      byId('figure').classList.remove('all');
      draw();
    });
  }

  /** One stop of the tab key for a list, whose items the arrow keys choose. */
  function follow(list, items) {
    if (items.length === 0) {
      return;
    }
    items[0].button.tabIndex = 0;
    const move = item => {
      items.forEach(other => { other.button.tabIndex = -1; });
      item.button.tabIndex = 0;
      item.button.focus();
    };
    list.addEventListener('keydown', event => {
      const item = event.target.closest('button').item;
      const at = items.indexOf(item);
      const next = {
        ArrowDown: items[at + 1], ArrowUp: items[at - 1], Home: items[0], End: items[items.length - 1],
        ArrowRight: item.images && ranked.find(image => item.images.includes(image)),
        ArrowLeft: item.parts && item.parts.find(part => !isAlone(part)),
      }[event.key];
      if (next && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        if (items.includes(next)) {
          move(next);
        } else {
          next.button.focus();
        }
      }
    });
    list.addEventListener('click', event => {
      const button = event.target.closest('button');
      if (button) {
        show(button.item, button);
      }
    });
    list.addEventListener('focusin', event => {
      items.forEach(other => { other.button.tabIndex = other.button === event.target ? 0 : -1; });
      link(event.target.item);
    });
    list.addEventListener('focusout', () => link(pinned));
    list.addEventListener('pointerover', event => {
      const button = event.target.closest('button');
      if (button && event.pointerType !== 'touch') {
        link(button.item);
      }
    });
    list.addEventListener('pointerleave', () => link(pinned));
  }

  // ---- What belongs together ----

  let pinned = null;
  let linked = null;

  const belongs = item => linked !== null
    && (item === linked || (linked.images || linked.parts).includes(item));

  function link(item) {
    if (item === linked) {
      return;
    }
    linked = item;
    byId('figure').classList.toggle('linking', linked !== null);
    [...drawn, ...ranked].forEach(other => other.button.classList.toggle('on', belongs(other)));
    draw();
  }

  let waiting = false;
  function redraw() {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        draw();
      });
    }
  }

  /** Draws the lines from parts to the images in view; their number does not grow with the images. */
  function draw() {
    const svg = byId('lines');
    const frame = byId('figure').getBoundingClientRect();
    const left = byId('part-scroll').getBoundingClientRect();
    const right = byId('image-scroll').getBoundingClientRect();
    const lines = [];
    if (svg.getClientRects().length && frame.width) {
      const starts = new Map(drawn.map(part => {
        const end = part.button.querySelector('.seg:last-child').getBoundingClientRect();
        const y = end.top + end.height / 2;
        const isSeen = y >= left.top && y <= left.bottom;
        return [part, { isSeen, x: isSeen ? end.right + 6 : left.right, y: Math.min(Math.max(y, left.top - 6), left.bottom + 6) }];
      }));
      for (const image of ranked) {
        const box = image.button.getBoundingClientRect();
        const y = box.top + box.height / 2;
        if (y < right.top || y > right.bottom) {
          continue;
        }
        const own = [...new Set(image.parts)].filter(part => starts.has(part));
        own.forEach((part, index) => {
          const start = starts.get(part);
          const spread = Math.min(7, (box.height - 14) / Math.max(1, own.length));
          lines.push({ part, image, start, x: box.left - 2, y: y + (index - (own.length - 1) / 2) * spread });
        });
      }
    }
    const paths = lines.map(({ part, image, start, x, y }) => {
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      const on = linked === part || linked === image;
      path.setAttribute('class', `k-${part.kind}${on ? ' on' : ''}${start.isSeen ? '' : ' away'}`);
      const edge = Math.max(left.right - frame.left, start.x - frame.left);
      const from = start.x - frame.left;
      const to = x - frame.left;
      const top = start.y - frame.top;
      const end = y - frame.top;
      const middle = (edge + to) / 2;
      path.setAttribute('d', `M${from.toFixed(1)},${top.toFixed(1)}H${edge.toFixed(1)}C${middle.toFixed(1)},${top.toFixed(1)},${middle.toFixed(1)},${end.toFixed(1)},${to.toFixed(1)},${end.toFixed(1)}`);
      return path;
    });
    svg.classList.toggle('many', paths.length > 90);
    svg.replaceChildren(...paths);
  }

  // ---- Details ----

  let opened = null;

  function opener(image, name) {
    return el('button', { type: 'button', class: 'open', onclick: event => show(image, event.currentTarget) }, text(name));
  }

  function show(item, from) {
    opened = opened && byId('details').contains(from) ? opened : from;
    unpin();
    pinned = item;
    item.button.classList.add('pinned');
    const body = byId('details-body');
    if (item.images) {
      byId('details-kind').replaceChildren(el('span', { class: 'swatch k-' + item.kind }), item.kind);
      byId('details-title').replaceChildren(text(title(item)));
      body.replaceChildren(...ofPart(item));
    } else {
      byId('details-kind').replaceChildren(el('span', { class: 'action ' + item.action }, item.action));
      byId('details-title').replaceChildren(text(item.tasks.slice(0, 4).map(task => named(task).name).join(', ')
        + (item.tasks.length > 4 ? ` and ${item.tasks.length - 4} more` : '')));
      body.replaceChildren(...ofImage(item));
    }
    link(item);
    const panel = byId('details');
    panel.hidden = false;
    panel.scrollTop = 0;
    byId('details-title').focus({ preventScroll: true });
  }

  function unpin() {
    if (pinned) {
      pinned.button.classList.remove('pinned');
    }
    pinned = null;
  }

  function close() {
    if (byId('details').hidden) {
      return;
    }
    byId('details').hidden = true;
    unpin();
    link(null);
    if (opened) {
      opened.focus();
    }
    opened = null;
  }

  function pairs(...entries) {
    return el('dl', { class: 'pairs' }, entries.filter(([, value]) => value !== '' && value !== null)
      .flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  }

  function copyable(value, name) {
    const content = code(value);
    const button = el('button', { type: 'button', 'aria-label': 'Copy ' + name, onclick: async () => {
      getSelection().selectAllChildren(content);
      let copied = false;
      try {
        await navigator.clipboard.writeText(value);
        copied = true;
      } catch {
        // Not every browser lets a page in a file write there; then the selected text is copied.
        copied = document.execCommand('copy');
      }
      button.textContent = copied ? 'Copied' : 'Selected';
      byId('said').textContent = copied ? name + ' copied' : name + ' selected';
      setTimeout(() => { button.textContent = 'Copy'; }, 1600);
    } }, 'Copy');
    return el('div', { class: 'copy' }, content, button);
  }

  const when = iso => iso ? el('time', { datetime: iso, title: clock(iso) }, age(iso)) : '';

  function ofPart(part) {
    const nodes = [pairs(
      ['Size', sizeOf(part)],
      ['Files', part.files ? `${counted(part.files, 'file')}, ${bytes(part.fileBytes)}` : ''],
      ['Images', counted(part.images.length, 'image') + ', ' + counted(tasksOf(part).length, 'task')])];
    if (part.note) {
      nodes.push(el('p', {}, text(part.note)));
    }
    if (part.place) {
      nodes.push(el('h3', {}, part.kind === 'base' ? 'Taken from' : 'Kept in'), copyable(part.place, 'its reference'));
    }
    if (part.kind === 'base' && title(part) !== part.name) {
      nodes.push(el('h3', {}, 'Its whole name'), el('p', {}, text(part.name)));
    }
    if (part.steps.length) {
      nodes.push(el('h3', {}, 'Steps'), el('ul', { class: 'list' }, part.steps.map(step => el('li', {}, el('code', { class: 'grow' }, step)))));
    }
    if (part.largest.length) {
      nodes.push(el('h3', {}, part.files > part.largest.length ? 'Largest files' : 'Files'),
        el('ul', { class: 'list' }, part.largest.map(file => el('li', {}, el('code', { class: 'grow' }, file.path), el('span', { class: 'aside' }, bytes(file.bytes))))));
    }
    if (part.stored) {
      nodes.push(el('h3', {}, part.layers.length === 1 ? 'Layer' : 'Layers, lowest first'), el('ul', { class: 'list' }, part.layers.map(layer =>
        el('li', {}, el('span', { class: 'grow', title: layer.digest }, code(short(layer.digest))),
          el('span', { class: 'aside' }, bytes(layer.bytes) + (plan ? '' : layer.sent ? ', sent now' : ', was there'))))));
    }
    nodes.push(el('h3', {}, 'Tasks that have it'), tasksList(part.images));
    return nodes;
  }

  const SHOWN_LINKS = 60;

  function tasksList(some) {
    const links = some.flatMap(image => image.tasks.map(task => ({ image, task })));
    const list = el('ul', { class: 'list' }, links.slice(0, SHOWN_LINKS).map(({ image, task }) =>
      el('li', {}, el('span', { class: 'grow' }, opener(image, named(task).name), text(' ' + named(task).package, 'under')))));
    if (links.length > SHOWN_LINKS) {
      list.append(el('li', {}, el('span', { class: 'under' }, `and ${links.length - SHOWN_LINKS} more`)));
    }
    return list;
  }

  function ofImage(image) {
    const nodes = [];
    if (image.changes.length) {
      nodes.push(diff(image.changes));
    }
    nodes.push(pairs(
      ['Repository', text(image.repository)],
      ['Tag', code(image.tag)],
      ['Further tags', image.tags.length ? code(image.tags.join(', ')) : ''],
      ['Based on', text(image.base)],
      ['Size', bytes(image.bytes)],
      ['Sent', plan ? '' : bytes(image.uploaded)],
      ['Pushed', when(image.pushedAt)],
      ['Scan', image.scan ? scan(image) : '']));
    if (image.note) {
      nodes.push(el('p', {}, text(image.note)));
    }
    if (image.reference) {
      nodes.push(el('h3', {}, 'Pull'), copyable('docker pull ' + image.reference, 'the command to pull it'),
        el('h3', {}, 'Run'), copyable('docker run --rm ' + image.reference, 'the command to run it'),
        el('h3', {}, 'Digest'), copyable(image.digest, 'the digest'));
    }
    if (image.platforms.length > 1) {
      nodes.push(el('h3', {}, 'Platforms'), ...image.platforms.map(platform =>
        el('div', {}, el('p', {}, platform.name), copyable(platform.digest, 'the digest for ' + platform.name))));
    }
    if (image.parts.length) {
      nodes.push(el('h3', {}, 'Layers, lowest first'), el('ul', { class: 'list' }, image.parts.map(part => el('li', {},
        el('span', { class: 'swatch k-' + part.kind + (isNew(part) ? ' new-part' : '') }),
        el('span', { class: 'grow' }, part.button
          ? el('button', { type: 'button', class: 'open', onclick: event => show(part, event.currentTarget) }, text(title(part)))
          : text(title(part))),
        el('span', { class: 'aside' }, sizeOf(part))))));
      image.parts.filter(isAlone).filter(part => part.largest.length).forEach(part => nodes.push(
        el('h3', {}, `${part.files > part.largest.length ? 'Largest of' : 'The'} ${counted(part.files, 'file')} in ${part.kind}`),
        el('ul', { class: 'list' }, part.largest.map(file => el('li', {}, el('code', { class: 'grow' }, file.path), el('span', { class: 'aside' }, bytes(file.bytes)))))));
    }
    if (image.tasks.length > 1) {
      nodes.push(el('h3', {}, 'Tasks'), el('ul', { class: 'list' }, image.tasks.slice(0, SHOWN_LINKS).map(task => el('li', {}, text(task, 'grow'))),
        image.tasks.length > SHOWN_LINKS ? el('li', {}, `and ${image.tasks.length - SHOWN_LINKS} more`) : ''));
    }
    const registered = data.registrations.filter(entry => image.tasks.includes(entry.task));
    if (registered.length) {
      nodes.push(el('h3', {}, 'Registered as'), el('ul', { class: 'list' }, registered.map(entry =>
        el('li', {}, el('span', { class: 'grow' }, text(`${entry.registrar} ${entry.id}`)), el('span', { class: 'aside' }, entry.action)))));
    }
    return nodes;
  }

  function scan(image) {
    const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED', 'UNTRIAGED'];
    const findings = Object.entries(image.scan.findings).filter(([, count]) => count > 0)
      .sort(([a], [b]) => (order.indexOf(a) + 99) % 99 - (order.indexOf(b) + 99) % 99);
    if (!findings.length) {
      const status = image.scan.status.toLowerCase().replace(/_/g, ' ');
      return el('span', {}, status === 'complete' || status === 'active' ? 'nothing found' : text(status));
    }
    return el('span', { class: 'scan' }, findings.map(([severity, count]) => el('span', { class: severity.toLowerCase().replace(/[^a-z]/g, '') },
      text(count + ' ' + severity.toLowerCase()))));
  }

  // ---- The table ----

  const entries = [
    ...images.flatMap(image => image.tasks.map(task => ({ task, image, action: image.action }))),
    ...data.failures.flatMap(failure => failure.tasks.map(task => ({ task, failure, action: 'failed' }))),
  ];
  const severity = image => image && image.scan
    ? total(Object.entries(image.scan.findings).map(([name, count]) => count * ({ CRITICAL: 1e8, HIGH: 1e4 }[name] || 1))) : -1;
  const columns = [
    { name: 'Task', key: entry => named(entry.task).name.toLowerCase() },
    { name: 'Image', key: entry => entry.image ? entry.image.repository + ':' + entry.image.tag : '' },
    { name: 'Digest', key: entry => entry.image ? entry.image.digest : '' },
    { name: 'Size', key: entry => entry.image ? entry.image.bytes : -1, number: true },
    { name: 'Age', key: entry => entry.image && entry.image.pushedAt ? -new Date(entry.image.pushedAt) : 1, known: image => image.pushedAt },
    { name: 'Scan', key: entry => severity(entry.image), known: image => image.scan },
    { name: plan ? 'Would be' : 'Was', key: entry => entry.action },
  ].filter(column => !column.known || images.some(column.known));

  function table() {
    columns.forEach(column => {
      column.header = el('th', { scope: 'col', class: column.number ? 'number' : '', 'aria-sort': 'none' },
        el('button', { type: 'button', onclick: () => sort(column) }, column.name));
    });
    byId('columns').append(...columns.map(column => column.header));
    entries.sort((a, b) => a.task < b.task ? -1 : a.task > b.task ? 1 : 0).forEach(entry => {
      const { image } = entry;
      const task = named(entry.task);
      const cells = {
        Task: el('td', { class: 'wide' }, image ? opener(image, task.name) : text(task.name, 'failed-task'), text(task.package, 'package')),
        Image: el('td', { class: 'wide' }, image ? [text(image.repository, 'repository'), code(image.tag)] : text(entry.failure.message.split('\n')[0], 'package')),
        Digest: el('td', {}, image && image.digest ? el('span', { title: image.digest }, code(short(image.digest))) : '–'),
        Size: el('td', { class: 'number' }, image ? bytes(image.bytes) : '–'),
        Age: el('td', {}, image && image.pushedAt ? when(image.pushedAt) : '–'),
        Scan: el('td', {}, image && image.scan ? scan(image) : '–'),
      };
      entry.row = el('tr', {}, columns.map((column, index) => index < columns.length - 1 ? cells[column.name]
        : el('td', {}, el('span', { class: 'action ' + entry.action }, entry.action))));
      entry.words = [entry.task, entry.action, image ? [image.repository, image.tag, ...image.tags, image.digest, image.base, image.fingerprint].join(' ') : '']
        .join(' ').toLowerCase();
    });
    byId('rows').append(...entries.map(entry => entry.row));
    const search = byId('search');
    search.addEventListener('input', filter);
    search.addEventListener('keydown', event => {
      if (event.key === 'Escape' && search.value) {
        event.stopPropagation();
        search.value = '';
        filter();
      }
    });
    filter();
  }

  function filter() {
    const words = byId('search').value.toLowerCase().split(/\s+/).filter(word => word);
    let found = 0;
    for (const entry of entries) {
      const matches = words.every(word => entry.words.includes(word));
      entry.row.hidden = !matches;
      found += matches ? 1 : 0;
    }
    byId('found').textContent = words.length ? `${found} of ${counted(entries.length, 'task')}` : counted(entries.length, 'task');
    byId('nothing').hidden = found > 0;
  }

  function sort(column) {
    const down = column.header.getAttribute('aria-sort') === 'ascending';
    columns.forEach(other => other.header.setAttribute('aria-sort', other === column ? (down ? 'descending' : 'ascending') : 'none'));
    const keyed = entries.map(entry => [column.key(entry), entry]);
    keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1));
    byId('rows').append(...keyed.map(([, entry]) => entry.row));
    byId('said').textContent = `sorted by ${column.name}, ${down ? 'descending' : 'ascending'}`;
  }

  function below() {
    const rows = parts.filter(part => part.kind === 'base' || part.kind === 'environment');
    byId('below').hidden = rows.length === 0;
    byId('below-rows').append(...rows.map(part => el('tr', {},
      el('td', { class: 'wide' },
        el('span', { class: 'chip' }, el('span', { class: 'swatch k-' + part.kind }),
          el('button', { type: 'button', class: 'open', onclick: event => show(part, event.currentTarget) }, text(title(part)))),
        part.note ? text(part.note, 'package') : ''),
      el('td', { class: 'where' }, code(part.place)),
      el('td', { class: 'number' }, isUnsaid(part) ? '–' : part.layers.length),
      el('td', { class: 'number' }, isUnsaid(part) ? '–' : bytes(part.bytes)),
      el('td', { class: 'number' }, tasksOf(part).length))));
  }

  // ---- All together ----

  head();
  failures();
  changes();
  picture();
  table();
  below();
  byId('notes').append(...data.notes.map(note => el('li', {}, text(note))));
  byId('details-close').addEventListener('click', close);
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      close();
    } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest('input')) {
      event.preventDefault();
      byId('search').focus();
      byId('search').select();
    }
  });
  draw();
  document.documentElement.dataset.ready = 'true';
})();
