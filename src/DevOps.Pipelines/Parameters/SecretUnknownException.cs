namespace DevOps.Pipelines;

/// <summary>A condition reads a secret where none is known: a plan asks no source of secrets.</summary>
internal sealed class SecretUnknownException(string name) : InvalidOperationException($"The secret '{name}' is only known to a run, not to a plan: a condition that a plan asks must not read it.");
