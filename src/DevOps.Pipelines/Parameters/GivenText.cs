namespace DevOps.Pipelines;

/// <summary>A value that was given for a parameter, and where.</summary>
internal readonly record struct GivenText(string Text, string Origin);
