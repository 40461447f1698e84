using System.Security.Cryptography;
using DevOps.Credentials;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Gives out tokens for passwords, and asks for a token with every request.</summary>
/// <remarks>
/// A token says what may be done in which repositories, for a short time; no password is looked at in between. A token for less than a request needs is answered with a challenge for more if
/// the user may have it, and with 403 if not. The endpoint that gives tokens out is mapped by <c>MapRegistryTokens</c>; <see cref="RegistryHost"/> does it by itself.
/// Source: the distribution project's token authentication specification.
/// </remarks>
public sealed class BearerAuthorizer : IRegistryAuthorizer
{
    private readonly RegistryTokenKey _key;
    private readonly RegistryRights _rights;

    /// <summary>Creates the authorizer.</summary>
    /// <param name="key">What signs the tokens.</param>
    /// <param name="users">Who is known, as <see cref="HtpasswdFile"/>.</param>
    /// <param name="rights">What they may do, and what callers without credentials may; everything for all who are known if <see langword="null"/>.</param>
    /// <param name="options">How; <see cref="RegistryTokenOptions.Default"/> if <see langword="null"/>.</param>
    public BearerAuthorizer(RegistryTokenKey key, IPasswordVerifier users, RegistryRights? rights = null, RegistryTokenOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(users);
        (_key, Users, _rights, Options) = (key, users, rights ?? RegistryRightsCheck.KnownUsersMayAll, options ?? RegistryTokenOptions.Default);
    }

    internal RegistryTokenOptions Options { get; }

    internal IPasswordVerifier Users { get; }

    /// <inheritdoc/>
    public async ValueTask<RegistryAccess> AuthorizeAsync(RegistryAccessRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!RequestCredential.IsSent(request.HttpContext.Request))
        {
            return Challenge(request, null);
        }

        if (request.Credential is not Credential { RegistryToken: { } text } || RegistryToken.Read(text, _key, Options.Service, Options.TimeProvider.GetUtcNow()) is not { } token)
        {
            return Challenge(request, "invalid_token");
        }

        // A name stands in the catalog of whoever may list it and may read the repository; the token need not name each.
        bool isListing = request.Repository is not null && request.Actions.HasFlag(RegistryActions.Catalog);
        bool isGranted = request.Actions is RegistryActions.None || token.Grants(isListing ? null : request.Repository, request.Actions);
        if (isGranted && !isListing)
        {
            return RegistryAccess.AllowedTo(token.UserName);
        }

        bool mayHave = await _rights.AllowAsync(token.UserName, request, cancellationToken).ConfigureAwait(false);
        return isGranted ? (mayHave ? RegistryAccess.Allowed : RegistryAccess.Denied)
            : mayHave || token.UserName is null ? Challenge(request, "insufficient_scope")
            : RegistryAccess.Denied;
    }

    /// <summary>Returns a token for as much of what is asked as the user may have.</summary>
    internal async Task<RegistryTokenAnswer> IssueAsync(string? userName, IReadOnlyList<RegistryScope> asked, CancellationToken cancellationToken)
    {
        List<RegistryScope> granted = [];
        foreach (RegistryScope scope in asked)
        {
            RegistryActions rights = await _rights(userName, scope.Repository, cancellationToken).ConfigureAwait(false);

            // No client knows of the right to overwrite: who asks to push gets it too, if it is there.
            RegistryActions wanted = scope.Actions.HasFlag(RegistryActions.Push) ? scope.Actions | RegistryActions.Overwrite : scope.Actions;
            if ((wanted & rights) is not RegistryActions.None and RegistryActions actions)
            {
                granted.Add(scope with { Actions = actions });
            }
        }

        DateTimeOffset now = Options.TimeProvider.GetUtcNow();
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        string token = new RegistryToken(userName, granted).Write(_key, Options.Service, id, now, Options.Lifetime);
        return token.Length <= RegistryToken.MaxLength ? new(token, granted, now, Options.Lifetime)
            : throw new RegistryError(StatusCodes.Status400BadRequest, "UNSUPPORTED", "a token for so many repositories is longer than a request's header may be: ask for fewer");
    }

    internal RegistryAccess Challenge(RegistryAccessRequest request, string? error) =>
        RegistryAccess.Challenge(ChallengeText.Bearer(Realm(request.HttpContext.Request), Options.Service, ChallengeText.Scope(request), error));

    private string Realm(HttpRequest request) => Options.Realm?.AbsoluteUri ?? $"{request.Scheme}://{request.Host}{request.PathBase}{Options.Path}";
}
