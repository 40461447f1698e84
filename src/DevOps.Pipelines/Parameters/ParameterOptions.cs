namespace DevOps.Pipelines;

/// <summary>What a parameter is when nothing is said.</summary>
internal readonly record struct ParameterOptions<T>(T? Default, bool IsOptional);
