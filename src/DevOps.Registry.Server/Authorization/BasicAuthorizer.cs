using DevOps.Credentials;

namespace DevOps.Registry.Server;

/// <summary>Asks for name and password with every request.</summary>
/// <remarks>
/// Passwords go over the wire as they are: use TLS, except on loopback. The ping always asks who is there, because <c>docker login</c> takes any password where it does not;
/// so rights for callers without credentials reach only clients that do not stop at the ping. Source: RFC 7617.
/// </remarks>
public sealed class BasicAuthorizer : IRegistryAuthorizer
{
    private readonly IPasswordVerifier _users;
    private readonly RegistryRights _rights;
    private readonly RegistryAccess _challenge;

    /// <summary>Creates the authorizer.</summary>
    /// <param name="users">Who is known, as <see cref="HtpasswdFile"/>.</param>
    /// <param name="rights">What they may do; everything for all who are known if <see langword="null"/>.</param>
    /// <param name="realm">What the password is for, as clients show it: printable ASCII.</param>
    /// <exception cref="ArgumentException">The realm has other characters.</exception>
    public BasicAuthorizer(IPasswordVerifier users, RegistryRights? rights = null, string realm = "registry")
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(realm);
        (_users, _rights) = (users, rights ?? RegistryRightsCheck.KnownUsersMayAll);
        _challenge = RegistryAccess.Challenge(ChallengeText.Basic(ChallengeText.Check(realm, nameof(realm))));
    }

    /// <inheritdoc/>
    public async ValueTask<RegistryAccess> AuthorizeAsync(RegistryAccessRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? userName = null;
        if (RequestCredential.IsSent(request.HttpContext.Request))
        {
            // Credentials that cannot be read are wrong ones, not none.
            if (request.Credential is not Credential { UserName: { } name, Password: { } password })
            {
                return _challenge;
            }

            switch (await _users.VerifyAsync(name, password, cancellationToken).ConfigureAwait(false))
            {
                case PasswordVerdict.Busy:
                    return RegistryAccess.Busy(TimeSpan.FromSeconds(1));
                case PasswordVerdict.Rejected:
                    return _challenge;
            }

            userName = name;
        }

        bool isAllowed = request.Actions is RegistryActions.None ? userName is not null : await _rights.AllowAsync(userName, request, cancellationToken).ConfigureAwait(false);
        return isAllowed ? RegistryAccess.AllowedTo(userName) : userName is null ? _challenge : RegistryAccess.Denied;
    }
}
