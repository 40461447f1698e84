using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Actions on one repository, or on the registry itself where there is none, as clients ask for them and tokens grant them.</summary>
/// <remarks>Source: the distribution project's token scope documentation.</remarks>
internal sealed record RegistryScope(RepositoryName? Repository, RegistryActions Actions)
{
    private const RegistryActions OfRepository = RegistryActions.Pull | RegistryActions.Push | RegistryActions.Overwrite | RegistryActions.Delete;

    internal string Type => Repository is null ? "registry" : "repository";

    internal string Name => Repository?.Value ?? "catalog";

    internal IEnumerable<string> ActionNames => Repository is null ? ["*"]
        : ((RegistryActions[])[RegistryActions.Pull, RegistryActions.Push, RegistryActions.Overwrite, RegistryActions.Delete])
            .Where(action => Actions.HasFlag(action)).Select(action => action.ToString().ToLowerInvariant());

    /// <summary>Reads scopes, one value or several with spaces between. What is not understood asks for nothing, and so gets nothing.</summary>
    internal static IReadOnlyList<RegistryScope> Parse(IEnumerable<string?> values) =>
    [
        .. values.SelectMany(value => (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(ParseOne).OfType<RegistryScope>()
            .GroupBy(scope => scope.Repository)
            .Select(group => new RegistryScope(group.Key, group.Aggregate(RegistryActions.None, (all, scope) => all | scope.Actions))),
    ];

    /// <summary>Returns the scope of a type, name and actions; <see langword="null"/> if there is none such.</summary>
    internal static RegistryScope? Create(string type, string name, IEnumerable<string> actions)
    {
        // Docker writes "repository(plugin)" for a plugin's repository.
        if (type == "repository" || (type.StartsWith("repository(", StringComparison.Ordinal) && type.EndsWith(')')))
        {
            return RepositoryName.TryParse(name, out RepositoryName? repository)
                ? new(repository, actions.Aggregate(RegistryActions.None, (all, action) => all | Of(action)))
                : null;
        }

        return type == "registry" && name == "catalog" && actions.Contains("*") ? new(null, RegistryActions.Catalog) : null;
    }

    private static RegistryScope? ParseOne(string text)
    {
        int first = text.IndexOf(':', StringComparison.Ordinal);
        int last = text.LastIndexOf(':');
        return first < 0 || first == last ? null : Create(text[..first], text[(first + 1)..last], text[(last + 1)..].Split(','));
    }

    private static RegistryActions Of(string action) => action switch
    {
        "pull" => RegistryActions.Pull,
        "push" => RegistryActions.Push,
        "overwrite" => RegistryActions.Overwrite,
        "delete" => RegistryActions.Delete,
        "*" => OfRepository,
        _ => RegistryActions.None,
    };
}
