/// The page's style sheet.
enum PageStyle {
  static let sheet = Markup.own(
    """

    :root {
      color-scheme: light dark;
      --page: #f6f7f9; --panel: #ffffff; --text: #1b2430; --faint: #5b6776; --rule: #dfe4ea;
      --axis: #8a95a3; --good: #1a7f4b; --warning: #b35900; --bad: #c5221f; --neutral: #5b6776;
      --c0: #1f6feb; --c1: #d9480f; --c2: #0f8a5f; --c3: #9333c4; --c4: #a67c00; --c5: #0e8fa8;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #10151c; --panel: #19212b; --text: #e8edf3; --faint: #9aa7b5; --rule: #2c3743;
        --axis: #6b7886; --good: #4cc38a; --warning: #f0a04b; --bad: #ff7b72; --neutral: #9aa7b5;
        --c0: #6aa8ff; --c1: #ff9a66; --c2: #4fd1a0; --c3: #cf9bff; --c4: #e3bd4f; --c5: #58cfe6;
      }
    }
    @media print {
      :root {
        --page: #ffffff; --panel: #ffffff; --text: #000000; --faint: #444444; --rule: #cccccc;
        --axis: #666666; --good: #1a7f4b; --warning: #b35900; --bad: #c5221f; --neutral: #444444;
        --c0: #1f6feb; --c1: #d9480f; --c2: #0f8a5f; --c3: #9333c4; --c4: #a67c00; --c5: #0e8fa8;
      }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      figure, .card, .table { break-inside: avoid; }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--page); color: var(--text);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
    }
    main { max-width: 1240px; margin: 0 auto; padding: 28px 20px 40px; }
    h1 { font-size: clamp(1.1rem, 5vw, 1.5rem); line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
    section { margin-top: 28px; }
    p { margin: 4px 0 0; overflow-wrap: anywhere; }
    .faint { color: var(--faint); font-size: .875rem; }
    .cards, .grid {
      display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 370px), 1fr));
    }
    .pairs { grid-template-columns: repeat(auto-fit, minmax(min(100%, max(370px, 40%)), 1fr)); }
    .grid.single { grid-template-columns: minmax(0, 560px); }
    .grid { margin-top: 12px; }
    .card, figure, .table {
      background: var(--panel); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 16px;
    }
    .card { border-left: 5px solid var(--neutral); display: flex; flex-direction: column; }
    .card.good { border-left-color: var(--good); }
    .card.warning { border-left-color: var(--warning); }
    .card.bad { border-left-color: var(--bad); }
    .dot { display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .5em; }
    dl { display: flex; flex-wrap: wrap; gap: 8px 13px; margin: 12px 0; }
    dt { color: var(--faint); font-size: .75rem; }
    dd { margin: 0; font-size: 1rem; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .verdict { font-weight: 600; margin-top: auto; }
    .card.good .verdict { color: var(--good); }
    .card.warning .verdict { color: var(--warning); }
    .card.bad .verdict { color: var(--bad); }
    figure { margin: 0; min-width: 0; }
    figcaption { font-weight: 600; margin-bottom: 8px; overflow-wrap: anywhere; }
    svg { display: block; width: 100%; max-width: 480px; height: auto; }
    svg text { font: 13px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--text); }
    svg .tick, svg .axis-title { fill: var(--faint); font-size: 12px; }
    svg .count { paint-order: stroke; stroke: var(--panel); stroke-width: 4px; stroke-linejoin: round; }
    .axis { stroke: var(--axis); stroke-width: 1; }
    .rule { stroke: var(--rule); stroke-width: 1; }
    .equal { stroke: var(--text); stroke-width: 1; stroke-dasharray: 4 3; opacity: .6; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .line.thin { stroke-width: 1.25; opacity: .7; }
    .line.failures { stroke: var(--bad); stroke-dasharray: 3 4; }
    .line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); }
    .line.c3 { stroke: var(--c3); } .line.c4 { stroke: var(--c4); } .line.c5 { stroke: var(--c5); }
    .line.d1 { stroke-dasharray: 7 4; } .line.d2 { stroke-dasharray: 2 4; } .line.d3 { stroke-dasharray: 9 3 2 3; }
    .fill.c0 { fill: var(--c0); background: var(--c0); } .fill.c1 { fill: var(--c1); background: var(--c1); }
    .fill.c2 { fill: var(--c2); background: var(--c2); } .fill.c3 { fill: var(--c3); background: var(--c3); }
    .fill.c4 { fill: var(--c4); background: var(--c4); } .fill.c5 { fill: var(--c5); background: var(--c5); }
    .point.thin { r: 2.5px; opacity: .7; } .point.failures { fill: var(--bad); }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0 0; padding: 0; font-size: .875rem; }
    .legend li { display: flex; align-items: center; gap: 8px; }
    .legend svg { width: 28px; height: 8px; flex: none; }
    .table { margin-top: 12px; overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding-bottom: 6px; }
    th, td { padding: 5px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
    th:first-child, .words { text-align: left; }
    td.words:last-child { white-space: normal; overflow-wrap: anywhere; min-width: 12em; }
    thead th { color: var(--faint); font-weight: 500; }
    tbody th { font-weight: 500; }
    tbody tr:last-child > * { border-bottom: 0; }
    footer { margin-top: 28px; }
    @media (max-width: 480px) { svg .tick, svg .axis-title { font-size: 14px; } }
    """)
}
