namespace Gatehouse.Persistence.Identity;

/// <summary>Roles in a tenant, from the least to the most.</summary>
public static class Role
{
    /// <summary>Reads.</summary>
    public const string Viewer = "viewer";

    /// <summary>Also writes routes, backends and hostnames.</summary>
    public const string Editor = "editor";

    /// <summary>Also certificates, grants, policies, tokens and members. In the tenant <c>platform</c>: platform admin.</summary>
    public const string Admin = "admin";

    /// <summary>Also tenant settings and release of hostnames.</summary>
    public const string Owner = "owner";

    private static readonly string[] Order = [Viewer, Editor, Admin, Owner];

    /// <summary>0 (viewer) to 3 (owner); -1: no such role.</summary>
    public static int Rank(string role) => Array.IndexOf(Order, role);

    /// <summary>The lower of two roles.</summary>
    public static string Lower(string left, string right) => Rank(left) <= Rank(right) ? left : right;
}
