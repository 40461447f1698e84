using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A table that a pipeline adds to its report, as the layers of an image.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows, each with one text for each column.</param>
public sealed record ReportTable(string Title, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows);
