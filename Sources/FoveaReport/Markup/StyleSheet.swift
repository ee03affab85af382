/// How pages look: light and dark, wide and narrow, on screen and on paper.
///
/// The colours of series are Okabe and Ito's, 2008, "Color universal design", which people with any
/// kind of colour vision can tell apart; on dark ground they are a little lighter. Series differ in
/// dashes or in the shape of their marks as well.
enum StyleSheet {
  static let text = """
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --raised: #f6f7f8; --text: #1c2127; --muted: #5a646e; --rule: #dfe3e7;
      --grid: #e8ebee; --link: #005a92;
      --first: #0072b2; --second: #c8540a; --third: #007a5a; --fourth: #a8548a; --neutral: #6c757d;
      --right: 0, 114, 178; --wrong: 213, 94, 0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14171a; --raised: #1c2024; --text: #e4e7ea; --muted: #9ba5af; --rule: #30363c;
        --grid: #262b30; --link: #6bb8ec;
        --first: #56b4e9; --second: #f0904a; --third: #2fbf95; --fourth: #d898c0; --neutral: #98a2ac;
        --right: 86, 180, 233; --wrong: 240, 144, 74;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--ground); color: var(--text);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
    }
    main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    a { color: var(--link); }
    h1, h2, h3 { line-height: 1.25; font-weight: 650; overflow-wrap: anywhere; }
    h1 { font-size: 1.9rem; margin: 0 0 .75rem; }
    h2 { font-size: 1.3rem; margin: 0 0 1rem; }
    h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
    p { margin: 0 0 .9rem; max-width: 46rem; overflow-wrap: anywhere; }
    section { border-top: 1px solid var(--rule); padding-top: 1.75rem; margin-top: 2.25rem; }
    footer { border-top: 1px solid var(--rule); margin-top: 2.5rem; padding-top: 1rem; }
    footer p, .muted { color: var(--muted); font-size: .875rem; }
    .kind { color: var(--muted); font-size: .875rem; margin: 0 0 .25rem; }
    nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 1.5rem 0 0;
      padding: 0; font-size: .9rem; }
    code, pre { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
    pre { background: var(--raised); border: 1px solid var(--rule); border-radius: 6px; margin: 0 0 1rem;
      padding: .75rem .9rem; white-space: pre-wrap; overflow-wrap: anywhere; }

    .verdict { border-left: 6px solid var(--neutral); padding: .2rem 0 .2rem 1.1rem; margin: 1.25rem 0 1.5rem; }
    .verdict strong { display: block; font-size: 2.3rem; line-height: 1.2; font-weight: 700; margin-bottom: .4rem; }
    .verdict p { font-size: 1.05rem; margin: 0 0 .4rem; }
    .verdict p:last-child { margin: 0; }
    .verdict.good { border-color: var(--third); }
    .verdict.bad { border-color: var(--second); }
    .note { border-left: 4px solid var(--neutral); background: var(--raised); border-radius: 0 6px 6px 0;
      padding: .6rem .9rem; margin: 0 0 1rem; max-width: 46rem; }
    .note.bad { border-color: var(--second); }
    .note.good { border-color: var(--third); }
    .note p, .note ul { margin: 0; }
    ul.plain { margin: 0 0 1rem; padding-left: 1.2rem; max-width: 46rem; overflow-wrap: anywhere; }

    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem 1.5rem;
      margin: 0 0 1.5rem; }
    .facts div { border-top: 2px solid var(--rule); padding-top: .5rem; }
    .facts dt { color: var(--muted); font-size: .85rem; }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    .facts dd.value { font-size: 1.5rem; font-weight: 600; line-height: 1.3;
      font-variant-numeric: tabular-nums; }
    .facts dd.more { color: var(--muted); font-size: .85rem; }

    .scroll { overflow-x: auto; margin: 0 0 1.25rem; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
    caption { text-align: left; color: var(--muted); font-size: .875rem; padding-bottom: .35rem; }
    caption span { display: block; position: sticky; left: 0; max-width: calc(100vw - 2rem); }
    th, td { text-align: left; vertical-align: baseline; padding: .32rem 1.4rem .32rem 0;
      border-bottom: 1px solid var(--rule); }
    th:last-child, td:last-child { padding-right: 0; }
    th { font-weight: 600; }
    thead th { color: var(--muted); font-weight: 500; vertical-align: bottom; }
    th[scope="row"] { font-weight: 500; max-width: 22rem; }
    th.long { min-width: 9rem; overflow-wrap: anywhere; }
    .number { text-align: right; white-space: nowrap; }
    tr.total th, tr.total td { font-weight: 650; border-bottom: 0; }
    table.settings td { max-width: 34rem; overflow-wrap: anywhere; }
    table.settings th { color: var(--muted); font-weight: 400; }
    table.matrix td, table.matrix th { padding: .35rem .6rem; }
    table.matrix td { text-align: right; min-width: 3.2rem; border: 1px solid var(--ground); }
    table.matrix thead th { text-align: right; }
    table.matrix thead th:first-child { text-align: left; white-space: nowrap; padding-left: 0; }
    table.matrix th[scope="row"] { padding-left: 0; }
    table.matrix th.long { max-width: 12rem; }

    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr));
      gap: 1.5rem 2.5rem; margin: 0 0 1.25rem; align-items: start; }
    figure { margin: 0 0 1.25rem; min-width: 0; max-width: 32rem; }
    .figures figure { margin: 0; }
    figcaption { font-weight: 600; margin-bottom: .3rem; }
    figcaption small { display: block; font-weight: 400; color: var(--muted); font-size: .85rem; }
    .side-by-side { display: flex; flex-wrap: wrap; gap: 0 2.5rem; }
    .side-by-side > div { min-width: 0; max-width: 100%; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0 0 .3rem; padding: 0;
      font-size: .85rem; color: var(--muted); }
    .legend li { display: flex; align-items: center; gap: .4rem; }
    .legend svg { width: 26px; height: 12px; flex: none; }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    svg text { font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
      fill: var(--muted); font-variant-numeric: tabular-nums; }
    svg text.strong { fill: var(--text); }
    svg text.strong, svg text.over { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
    svg .grid { stroke: var(--grid); stroke-width: 1; }
    svg .axis { stroke: var(--neutral); stroke-width: 1; }
    svg .mark { stroke: var(--neutral); stroke-width: 1; stroke-dasharray: 2 3; }
    svg .line { fill: none; stroke-linejoin: round; stroke-linecap: round; }
    svg .thick { stroke-width: 2.4; }
    svg .thin { stroke-width: 1; opacity: .55; }
    svg .first { stroke: var(--first); color: var(--first); }
    svg .second { stroke: var(--second); color: var(--second); }
    svg .third { stroke: var(--third); color: var(--third); }
    svg .fourth { stroke: var(--fourth); color: var(--fourth); }
    svg .neutral { stroke: var(--neutral); color: var(--neutral); }
    svg .solid { fill: currentColor; }
    svg .dot { fill: currentColor; fill-opacity: .28; stroke-width: 1.4; }
    svg .bar { stroke-width: 2.4; }

    .gallery { list-style: none; padding: 0; margin: 0 0 1.25rem; display: grid; gap: 1.25rem 1rem;
      grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
    .gallery.large { grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
    .gallery li { font-size: .85rem; line-height: 1.4; min-width: 0; overflow-wrap: anywhere; }
    .gallery img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; margin-bottom: .4rem;
      background: var(--raised); border-radius: 4px; }
    .gallery img.small { image-rendering: pixelated; }
    .gallery .absent { display: grid; place-items: center; aspect-ratio: 1; margin-bottom: .4rem; color: var(--muted);
      background: var(--raised); border-radius: 4px; }
    .gallery blockquote { margin: 0 0 .4rem; padding: .6rem .7rem; background: var(--raised); border-radius: 4px; }
    .gallery .name { color: var(--muted); }
    .gallery p { margin: 0; }
    .badge { display: inline-block; border: 1px solid var(--neutral); border-radius: 999px; padding: 0 .6rem;
      font-size: .8rem; margin: .1rem 0 .2rem; }
    .badge.good { border-color: var(--third); color: var(--third); }
    .badge.bad { border-color: var(--second); color: var(--second); }
    details { margin: 0 0 1rem; }
    summary { cursor: pointer; color: var(--link); margin-bottom: .6rem; }
    .gallery details { margin: .2rem 0; }
    .gallery summary { margin-bottom: .3rem; }

    @media (max-width: 34rem) {
      main { padding: 1.5rem 1rem 3rem; }
      h1 { font-size: 1.55rem; }
      .verdict strong { font-size: 1.8rem; }
      svg text { font-size: 15px; }
      .gallery { grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); }
    }
    @media print {
      main { max-width: none; padding: 0; }
      nav { display: none; }
      figure, tr, .gallery li, .verdict, .note { break-inside: avoid; }
      h2, h3, figcaption { break-after: avoid; }
      .scroll { overflow: visible; }
      table.matrix { font-size: .7rem; }
      table.matrix td, table.matrix th { padding: .2rem .3rem; min-width: 0; }
      details::details-content { content-visibility: visible; height: auto; }
      * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    }

    """
}
