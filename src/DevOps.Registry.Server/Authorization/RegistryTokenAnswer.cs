namespace DevOps.Registry.Server;

/// <summary>A token that was given out, with what its receiver is told of it.</summary>
internal sealed record RegistryTokenAnswer(string Token, IReadOnlyList<RegistryScope> Granted, DateTimeOffset IssuedAt, TimeSpan Lifetime)
{
    internal string ScopeText => string.Join(' ', Granted.Select(scope => $"{scope.Type}:{scope.Name}:{string.Join(',', scope.ActionNames)}"));

    // A record would write the token.
    public override string ToString() => "Token";
}
