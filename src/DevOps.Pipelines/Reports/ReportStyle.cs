namespace DevOps.Pipelines;

internal static class ReportStyle
{
    internal const string Css = """
        :root { color-scheme: light dark; --line: #8884; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; overflow-wrap: anywhere; }
        .timeline td, .timeline th { white-space: nowrap; } .timeline .wide { width: 55%; white-space: normal; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        .badge { border-radius: .6rem; padding: .1rem .6rem; color: #fff; font-size: .75rem; vertical-align: middle; }
        .bar { height: .9rem; border-radius: .2rem; }
        .success { background: #2e7d32; } .unstable { background: #b26a00; } .failure { background: #c62828; } .cancelled { background: #6d4c41; } .skipped { background: #757575; }
        details { border: 1px solid var(--line); border-radius: .3rem; margin: .5rem 0; padding: .4rem .8rem; }
        summary { cursor: pointer; } pre { overflow-x: auto; font: 13px/1.45 ui-monospace, monospace; }
        .time { color: #888; } .error { color: #d32f2f; }

        """;
}
