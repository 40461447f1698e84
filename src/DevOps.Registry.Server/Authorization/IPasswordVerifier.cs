namespace DevOps.Registry.Server;

/// <summary>Knows users by their passwords. Called by several threads.</summary>
public interface IPasswordVerifier
{
    /// <summary>Checks a password. The answer must not tell an unknown name from a wrong password, nor by its time.</summary>
    /// <param name="userName">The name.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<PasswordVerdict> VerifyAsync(string userName, string password, CancellationToken cancellationToken = default);
}
