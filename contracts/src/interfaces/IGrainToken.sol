// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "./ICommonErrors.sol";
import {IGranaryDomain} from "./IGranaryDomain.sol";
import {IRewardPool} from "./IRewardPool.sol";

/// @notice An account takes the votes that it has earned. Signed by `account`, so that it can be relayed.
struct Join {
    address account;
    /// The last block time at which the message is taken.
    uint256 deadline;
}

/// @title IGrainToken
/// @notice GRAIN, the DAO's votes: earned by one's data being used and paid for. An account may mint as much as
/// `RewardPool` shows that it has claimed, times a constant, and nobody can mint otherwise.
/// @dev ERC-20 with votes (ERC-5805) and a clock of timestamps (ERC-6372). Not transferable: GRAIN can neither be sold nor
/// taken away, by nobody; its holder may delegate the votes, and take them back. No owner, no pause. Joining is a step of
/// its own, so that claims stay cheap. Whatever is claimed counts, the parts of treasury and custodians too.
/// It does not protect from somebody who pays for the use of their own data: that costs them the fees of each use, and
/// nothing but gas while there are none.
interface IGrainToken is ICommonErrors, IGranaryDomain {
    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice GRAIN stays where it was earned.
    error NotTransferable();

    /// @notice Everything up to what was claimed has been minted.
    error NothingToMint(address account);

    // ---------------------------------------------------------------------------------------------------- functions

    /// @notice Mints to the sender what it has claimed and not yet matched. Delegates to itself if it has no delegate
    /// yet.
    /// @return amount What was minted.
    function join() external returns (uint256 amount);

    /// @notice The same for the account that signed. Anyone may send it.
    /// @dev Signed, so that nobody can raise the quorum by minting votes for people who do not vote.
    /// Reverts with MessageExpired, SignatureInvalid, NothingToMint.
    function joinFor(Join calldata message, bytes calldata signature) external returns (uint256 amount);

    /// @notice What the account could mint now.
    function mintable(address account) external view returns (uint256);

    /// @notice GRAIN for each unit of the reward token that was claimed.
    function GRAIN_PER_CLAIMED() external view returns (uint256);

    /// @notice Where claims are counted.
    function rewards() external view returns (IRewardPool);
}
