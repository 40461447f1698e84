namespace DevOps.Registry.Server;

/// <summary>Writes values of WWW-Authenticate.</summary>
/// <remarks>Source: RFC 9110, section 11.6.1; RFC 7617, section 2.1; the distribution project's token authentication specification.</remarks>
internal static class ChallengeText
{
    internal static string Basic(string realm) => $"Basic realm=\"{Quote(realm)}\", charset=\"UTF-8\"";

    // No spaces after the commas: some clients split there.
    internal static string Bearer(string realm, string service, string scope, string? error) =>
        $"Bearer realm=\"{Quote(realm)}\",service=\"{Quote(service)}\"" + (scope.Length > 0 ? $",scope=\"{scope}\"" : "") + (error is null ? "" : $",error=\"{error}\"");

    /// <summary>Returns the scope that a request needs. Who pushes also looks what is there, so that a token to push is one to pull too.</summary>
    internal static string Scope(RegistryAccessRequest request)
    {
        if (request.Repository is not { } repository)
        {
            return request.Actions.HasFlag(RegistryActions.Catalog) ? "registry:catalog:*" : "";
        }

        string actions = (request.Actions & (RegistryActions.Push | RegistryActions.Overwrite)) != 0 ? "pull,push" : request.Actions.HasFlag(RegistryActions.Delete) ? "delete" : "pull";
        string scope = $"repository:{repository}:{actions}";
        return request.MountSource is { } source && source != repository ? $"{scope} repository:{source}:pull" : scope;
    }

    /// <summary>Refuses a text that a header cannot hold, before the first request meets it.</summary>
    internal static string Check(string text, string name) => text.All(character => character is >= ' ' and <= '~') ? text
        : throw new ArgumentException($"'{text}' is no text for a header: only printable ASCII can be sent.", name);

    private static string Quote(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
