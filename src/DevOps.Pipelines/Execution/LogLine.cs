namespace DevOps.Pipelines;

/// <summary>One line of a job's log.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Source">Who wrote it.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record LogLine(DateTimeOffset At, LogSource Source, string Text);
